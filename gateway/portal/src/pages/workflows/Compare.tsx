import { useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { COMPARISON } from './comparison.ts'
import { ComparisonView } from './ComparisonView.tsx'

/** What distinguishes two versions of a process. */
export function Compare({ before = '', after = '' }: { before?: string; after?: string }) {
  const text = useText(TEXT)
  const say = useSay()
  const query = useQuery(COMPARISON, { before, after })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const { before: old, after: young, processComparison } = query.data
  return (
    <StaffPage
      title={text.title(say(old.name))}
      lead={
        <>
          <Link to={`/processes/${old.id}`}>{text.version(old.version)}</Link> →{' '}
          <Link to={`/processes/${young.id}`}>{text.version(young.version)}</Link>
        </>
      }
    >
      <ComparisonView
        comparison={processComparison}
        before={{ title: text.version(old.version), xml: old.xml }}
        after={{ title: text.version(young.version), xml: young.xml }}
      />
    </StaffPage>
  )
}

const TEXT = {
  zh: { title: (name: string) => `版本比较：${name}`, version: (n: number) => `第 ${n} 版` },
  en: { title: (name: string) => `Compare: ${name}`, version: (n: number) => `Version ${n}` },
}
