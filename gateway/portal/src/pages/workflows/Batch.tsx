import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { BatchOutcome } from './BatchOutcome.tsx'

/** One batch operation: how far it has come, and what became of each item. */
export function Batch({ id = '' }: { id?: string }) {
  const text = useText(TEXT)
  return (
    <StaffPage title={text.title} lead={<Link to="/processes/batches">{text.all}</Link>}>
      <BatchOutcome id={id} />
    </StaffPage>
  )
}

const TEXT = {
  zh: { title: '批量操作', all: '全部批量操作' },
  en: { title: 'Batch operation', all: 'All batch operations' },
}
