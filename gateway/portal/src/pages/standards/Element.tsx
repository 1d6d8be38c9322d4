import { Descriptions } from 'antd'
import { useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { Downloads } from '../../components/staff/Downloads.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { graphql } from '../../generated/gql.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { useWords } from '../../words.ts'
import { lifePath } from './life.ts'
import { codeListPath, isOut, standardLook } from './look.ts'
import { Review } from './ReviewSteps.tsx'
import { UsedBy } from './UsedBy.tsx'

const ELEMENT = graphql(`
  query DataElement($code: String!) {
    dataElement(code: $code) {
      code
      version
      shortName
      synonyms
      definition
      dataType
      format
      check
      codeListId
      status
      personal
      basis
      name {
        zh
        en
      }
      examples {
        value
        good
      }
    }
  }
`)

/** One data element: meaning, form, checks, examples good and bad. */
export function Element({ code = '' }: { code?: string }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const query = useQuery(ELEMENT, { code })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const element = query.data.dataElement
  return (
    <StaffPage
      title={say(element.name)}
      lead={
        <>
          <code>{element.code}</code> · {element.version} ·{' '}
          <span className={standardLook(element.status)} data-status={element.status}>
            {words('standard', element.status)}
          </span>
        </>
      }
      actions={<Link to={lifePath('ELEMENT', element.code)}>{text.life}</Link>}
    >
      <Review kind="ELEMENT" code={element.code} version={element.version} reload={query.reload} />
      {isOut(element.status) && <Downloads kind="element" code={element.code} version={element.version} />}
      <Descriptions
        bordered
        column={1}
        size="small"
        items={[
          { key: 'definition', label: text.definition, children: element.definition },
          { key: 'short', label: text.short, children: <code>{element.shortName}</code> },
          { key: 'synonyms', label: text.synonyms, children: element.synonyms.join(text.comma) || text.none },
          {
            key: 'type',
            label: text.type,
            children: `${words('dataType', element.dataType)} ${element.format}`,
          },
          {
            key: 'check',
            label: text.check,
            children: element.check ? <code>{element.check}</code> : text.none,
          },
          {
            key: 'codes',
            label: text.codes,
            children: element.codeListId ? (
              <Link to={codeListPath(element.codeListId)}>{element.codeListId}</Link>
            ) : (
              text.none
            ),
          },
          { key: 'personal', label: text.personal, children: element.personal ? text.yes : text.no },
          { key: 'basis', label: text.basis, children: element.basis.join('；') || text.none },
          {
            key: 'examples',
            label: text.examples,
            children: element.examples.map(({ value, good }) => (
              <div key={value}>
                <span className={good ? 'tag tag-good' : 'tag tag-bad'}>{good ? text.good : text.bad}</span>{' '}
                <code>{value}</code>
              </div>
            )),
          },
        ]}
      />
      <UsedBy kind="ELEMENT" code={element.code} />
    </StaffPage>
  )
}

const TEXT = {
  zh: {
    life: '版本与审查',
    definition: '定义',
    short: '短名',
    synonyms: '同义词',
    type: '类型和格式',
    check: '校验算法',
    codes: '代码集',
    personal: '个人信息',
    basis: '依据',
    examples: '例子',
    good: '符合',
    bad: '不符合',
    yes: '是',
    no: '否',
    none: '无',
    comma: '、',
  },
  en: {
    life: 'Version and review',
    definition: 'Definition',
    short: 'Short name',
    synonyms: 'Synonyms',
    type: 'Type and format',
    check: 'Check algorithm',
    codes: 'Code list',
    personal: 'Personal data',
    basis: 'Basis',
    examples: 'Examples',
    good: 'good',
    bad: 'bad',
    yes: 'yes',
    no: 'no',
    none: 'none',
    comma: ', ',
  },
}
