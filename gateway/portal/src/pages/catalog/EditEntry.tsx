import { useMutation, useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { graphql } from '../../generated/gql.ts'
import { useText } from '../../i18n.ts'
import { navigate } from '../../router.tsx'
import { ENTRY, type EntryData } from './entry.ts'
import { type Answers, EntryForm, inputOf } from './EntryForm.tsx'

const CHANGE = graphql(`
  mutation ChangeEntry($commandId: UUID!, $id: UUID!, $input: EntryInput!) {
    changeEntry(commandId: $commandId, id: $id, input: $input) {
      id
    }
  }
`)

/** An entry written anew under its code; it is reviewed again. */
export function EditEntry({ id = '' }: { id?: string }) {
  const query = useQuery(ENTRY, { id })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  return <Edit entry={query.data.entry} />
}

function Edit({ entry }: { entry: EntryData }) {
  const text = useText(TEXT)
  const change = useMutation(CHANGE)
  const { id, dataset, custodian, contact, ...written } = entry

  async function send(answers: Answers) {
    const saved = await change.run({ id, input: inputOf(answers) })
    if (saved) navigate(`/directory/entries/${id}`)
  }

  return (
    <StaffPage title={text.title(entry.name)} lead={text.again} busy={change.running}>
      <EntryForm
        initial={{
          ...written,
          custodian: custodian ?? '',
          contact: contact ?? '',
          datasetId: dataset?.id ?? null,
        }}
        running={change.running}
        error={change.error}
        onSend={(answers) => void send(answers)}
      />
    </StaffPage>
  )
}

const TEXT = {
  zh: { title: (name: string) => `修改“${name}”`, again: '修改后重新审核；代码和分类不变。' },
  en: {
    title: (name: string) => `Change “${name}”`,
    again: 'A change is reviewed again; code and class stay.',
  },
}
