import { useMutation, useQuery } from '../../api.ts'
import { MaterialUpload } from '../../components/MaterialUpload.tsx'
import { Failure, Loading } from '../../components/Notices.tsx'
import { Page } from '../../components/Page.tsx'
import { graphql } from '../../generated/gql.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { APPLICATION, materialsOf } from './application.ts'

const REMOVE = graphql(`
  mutation RemoveMaterial($commandId: UUID!, $id: UUID!, $expectedVersion: Int!, $materialId: UUID!) {
    removeMaterial(
      commandId: $commandId
      id: $id
      expectedVersion: $expectedVersion
      materialId: $materialId
    ) {
      id
      version
    }
  }
`)

/** The documents of a draft, each sent as soon as it is chosen. */
export function Materials({ id = '' }: { id?: string }) {
  const text = useText(TEXT)
  const say = useSay()
  const query = useQuery(APPLICATION, { id })
  const remove = useMutation(REMOVE)
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const { application } = query.data
  const wanted = materialsOf(application)
  const here = `/applications/${application.id}`
  return (
    <Page
      title={text.title}
      caption={say(application.item.name)}
      lead={text.lead}
      back={`${here}/form`}
      busy={remove.running}
    >
      {remove.error && <Failure error={remove.error} />}
      {wanted.length === 0 && <p className="empty">{text.none}</p>}
      {wanted.map((definition) => (
        <MaterialUpload
          key={definition.code}
          applicationId={application.id}
          version={application.version}
          definition={definition}
          files={application.materials.filter(({ code }) => code === definition.code)}
          missing={application.missing.includes(definition.code)}
          onChanged={query.reload}
          onRemove={(file) =>
            void remove
              .run({ id: application.id, expectedVersion: application.version, materialId: file.id })
              .then(query.reload)
          }
        />
      ))}
      <p className="actions">
        <Link className="button" to={`${here}/check`}>
          {text.next}
        </Link>
        <Link to={here}>{text.later}</Link>
      </p>
    </Page>
  )
}

const TEXT = {
  zh: {
    title: '上传材料',
    lead: '照片和扫描件都可以，字迹清楚就行。部门之间能共享的材料，我们已经替您取得。',
    none: '这次申请不需要提交材料。',
    next: '继续',
    later: '以后再传',
  },
  en: {
    title: 'Upload documents',
    lead: 'Photographs and scans are fine if they are legible. What departments can share, we have fetched for you.',
    none: 'This application needs no documents.',
    next: 'Continue',
    later: 'Go on later',
  },
}
