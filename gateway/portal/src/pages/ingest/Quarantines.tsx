import { PagedTable, StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import type { QuarantinedBatchesQuery } from '../../generated/graphql.ts'
import { useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { Link } from '../../router.tsx'
import { useWords } from '../../words.ts'
import { QUARANTINED } from './workbench.ts'

type Row = QuarantinedBatchesQuery['quarantinedBatches']['edges'][number]['node']

/** Every load of one's own department that holds rows back. */
export function Quarantines() {
  const text = useText(TEXT)
  const words = useWords()
  const format = useFormat()
  const list = usePaged(QUARANTINED, {}, (data) => data.quarantinedBatches)
  return (
    <StaffPage title={text.title} lead={text.lead}>
      <PagedTable<Row>
        list={list}
        rowKey={({ id }) => id}
        caption={text.title}
        empty={text.none}
        columns={[
          {
            title: text.file,
            cell: ({ id, fileName }) => <Link to={`/data/batches/${id}/quarantine`}>{fileName}</Link>,
          },
          {
            title: text.dataset,
            cell: ({ dataset }) => <Link to={`/data/datasets/${dataset.id}`}>{dataset.title}</Link>,
          },
          { title: text.status, cell: ({ status }) => words('batch', status) },
          { title: text.open, align: 'right', cell: ({ rowStates }) => format.count(rowStates.open) },
          {
            title: text.corrected,
            align: 'right',
            cell: ({ rowStates }) => format.count(rowStates.corrected),
          },
          { title: text.fixed, align: 'right', cell: ({ rowStates }) => format.count(rowStates.fixed) },
          { title: text.waived, align: 'right', cell: ({ rowStates }) => format.count(rowStates.waived) },
          { title: text.expired, align: 'right', cell: ({ rowStates }) => format.count(rowStates.expired) },
          { title: text.at, cell: ({ createdAt }) => format.time(createdAt) },
        ]}
      />
    </StaffPage>
  )
}

const TEXT = {
  zh: {
    title: '待治理',
    lead: '本单位各次加载退回的行。其他单位看不到。',
    none: '本单位没有退回的行。',
    file: '文件',
    dataset: '数据资源',
    status: '批次状态',
    open: '待治理',
    corrected: '已更正待重放',
    fixed: '已修复',
    waived: '已说明',
    expired: '已过期',
    at: '时间',
  },
  en: {
    title: 'Quarantine',
    lead: 'Rows held back in loads of your organisation. Nobody else sees them.',
    none: 'No row of your organisation is held back.',
    file: 'File',
    dataset: 'Dataset',
    status: 'Load',
    open: 'Open',
    corrected: 'Corrected, waiting',
    fixed: 'Fixed',
    waived: 'Explained',
    expired: 'Expired',
    at: 'At',
  },
}
