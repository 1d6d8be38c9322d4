import { useMutation, useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { graphql } from '../../generated/gql.ts'
import { useText } from '../../i18n.ts'
import { navigate, usePlace } from '../../router.tsx'
import { type Answers, EMPTY, EntryForm, inputOf } from './EntryForm.tsx'
import { ImportEntries } from './ImportEntries.tsx'

const DRAFT = graphql(`
  query EntryDraft($datasetId: UUID!) {
    entryDraft(datasetId: $datasetId) {
      kind
      classPath
      name
      summary
      keywords
      format
      formatType
      sharingType
      sharingMethod
      updateCycle
      datasetId
      items {
        name
        elementCode
        dataType
        length
        duplicateReason
      }
    }
  }
`)

const REGISTER = graphql(`
  mutation RegisterEntry($commandId: UUID!, $kind: EntryKind!, $classPath: [String!]!, $input: EntryInput!) {
    registerEntry(commandId: $commandId, kind: $kind, classPath: $classPath, input: $input) {
      id
    }
  }
`)

/** A new entry: empty, or as a dataset of one's own offers it (`?dataset=`). */
export function RegisterEntry() {
  const datasetId = usePlace().query.get('dataset')
  return datasetId ? <Prefilled datasetId={datasetId} /> : <Register initial={EMPTY} />
}

function Prefilled({ datasetId }: { datasetId: string }) {
  const query = useQuery(DRAFT, { datasetId })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  return <Register initial={{ ...EMPTY, ...query.data.entryDraft }} />
}

function Register({ initial }: { initial: Answers }) {
  const text = useText(TEXT)
  const register = useMutation(REGISTER)

  async function send(answers: Answers) {
    const { kind, classPath } = answers
    const saved = await register.run({
      kind,
      classPath: classPath.filter((name) => !!name),
      input: inputOf(answers),
    })
    if (saved) navigate(`/directory/entries/${saved.registerEntry.id}`)
  }

  return (
    <StaffPage title={text.title} lead={initial.datasetId && text.prefilled} busy={register.running}>
      <EntryForm
        initial={initial}
        classified
        running={register.running}
        error={register.error}
        onSend={(answers) => void send(answers)}
      />
      {!initial.datasetId && <ImportEntries />}
    </StaffPage>
  )
}

const TEXT = {
  zh: { title: '登记目录条目', prefilled: '已按数据集填好能填的内容，请补充其余各项。' },
  en: { title: 'Register a directory entry', prefilled: 'Filled in from the dataset; complete the rest.' },
}
