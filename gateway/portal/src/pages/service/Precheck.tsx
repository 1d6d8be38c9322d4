import { useState, type FormEvent } from 'react'
import { useMutation, useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { Page } from '../../components/Page.tsx'
import { graphql } from '../../generated/gql.ts'
import type { PrecheckItemQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link, navigate, usePlace, withQuery } from '../../router.tsx'
import { useSession } from '../../session.tsx'

const ITEM = graphql(`
  query PrecheckItem($id: UUID!) {
    serviceItem(id: $id) {
      id
      name {
        zh
        en
      }
      mayApply
      materials {
        code
        name {
          zh
          en
        }
      }
      questions {
        id
        kind
        text {
          zh
          en
        }
        options {
          value
          text {
            zh
            en
          }
        }
      }
    }
  }
`)

const OUTCOME = graphql(`
  query Precheck($itemId: UUID!, $answers: JSON!) {
    precheck(itemId: $itemId, answers: $answers) {
      id
      name {
        zh
        en
      }
      outcome
      explanation {
        zh
        en
      }
      materials
    }
  }
`)

const START = graphql(`
  mutation StartDraft($commandId: UUID!, $itemId: UUID!, $answers: JSON!) {
    startDraft(commandId: $commandId, itemId: $itemId, answers: $answers) {
      id
    }
  }
`)

type Item = PrecheckItemQuery['serviceItem']
type Question = Item['questions'][number]

const YES_NO = [
  { value: 'yes', text: { zh: '是', en: 'Yes' } },
  { value: 'no', text: { zh: '否', en: 'No' } },
]
const optionsOf = (question: Question) => (question.options.length ? question.options : YES_NO)

/** The questions before an application, one a page; the answers stand in the address, so going back keeps them. */
export function Precheck({ id = '' }: { id?: string }) {
  const query = useQuery(ITEM, { id })
  const place = usePlace()
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const item = query.data.serviceItem
  const asked = place.query.get('ask')
  const open = item.questions.find((question) => !place.query.get(question.id))
  const question = item.questions.find((question) => question.id === asked) ?? open
  return question ? <Ask key={question.id} item={item} question={question} /> : <Outcome item={item} />
}

function Ask({ item, question }: { item: Item; question: Question }) {
  const text = useText(TEXT)
  const say = useSay()
  const place = usePlace()
  const [chosen, setChosen] = useState(place.query.get(question.id) ?? '')
  const [missing, setMissing] = useState(false)
  const number = item.questions.indexOf(question) + 1
  const errors = missing ? [{ field: 'answer', message: text.choose }] : undefined
  const before = item.questions[number - 2]

  function next(event: FormEvent) {
    event.preventDefault()
    if (!chosen) return setMissing(true)
    navigate(withQuery(place, { [question.id]: chosen, ask: undefined }))
  }

  return (
    <Page
      title={say(question.text)}
      caption={`${say(item.name)} · ${text.step(number, item.questions.length)}`}
      back={before ? withQuery(place, { ask: before.id }) : `/services/${item.id}`}
      {...(errors ? { errors } : {})}
    >
      <form onSubmit={next} noValidate>
        <div className={missing ? 'field field-bad' : 'field'}>
          <fieldset data-question={question.id} aria-describedby={missing ? 'answer-error' : undefined}>
            <legend className="visually-hidden">{say(question.text)}</legend>
            {missing && (
              <p className="field-error" id="answer-error">
                {text.choose}
              </p>
            )}
            {optionsOf(question).map((option, index) => (
              <div className="choice" key={option.value}>
                <input
                  type="radio"
                  name="answer"
                  id={index ? `answer-${option.value}` : 'answer'}
                  value={option.value}
                  checked={chosen === option.value}
                  onChange={() => setChosen(option.value)}
                />
                <label htmlFor={index ? `answer-${option.value}` : 'answer'}>{say(option.text)}</label>
              </div>
            ))}
          </fieldset>
        </div>
        <button className="button">{text.next}</button>
      </form>
    </Page>
  )
}

function Outcome({ item }: { item: Item }) {
  const text = useText(TEXT)
  const say = useSay()
  const place = usePlace()
  const session = useSession()
  const answers = Object.fromEntries(item.questions.map(({ id }) => [id, place.query.get(id)]))
  const query = useQuery(OUTCOME, { itemId: item.id, answers })
  const start = useMutation(START)
  const last = item.questions.at(-1)
  const back = last ? withQuery(place, { ask: last.id }) : `/services/${item.id}`

  async function begin() {
    const begun = await start.run({ itemId: item.id, answers })
    if (begun) navigate(`/applications/${begun.startDraft.id}`)
  }

  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed')
    return (
      <Page title={text.undecided} caption={say(item.name)} back={back}>
        <Failure error={query.error} retry={query.reload} />
        <Given item={item} />
      </Page>
    )
  const scenario = query.data.precheck
  const may = scenario.outcome === 'apply'
  const named = scenario.materials.map((code) => item.materials.find((material) => material.code === code))
  return (
    <Page
      title={outcomeTitle(text, scenario.outcome)}
      caption={say(item.name)}
      back={back}
      busy={start.running}
    >
      <div className={may ? 'notice notice-good' : 'notice notice-warn'}>
        <p>
          <strong>{say(scenario.name)}</strong>
        </p>
        {scenario.explanation && <p>{say(scenario.explanation)}</p>}
      </div>
      {may && named.length > 0 && (
        <>
          <h2>{text.materials}</h2>
          <ul className="ticks">
            {named.map((material) => material && <li key={material.code}>{say(material.name)}</li>)}
          </ul>
        </>
      )}
      <Given item={item} />
      {start.error && <Failure error={start.error} />}
      {may && (
        <p className="actions">
          {session.state === 'signed-in' ? (
            <button
              type="button"
              className="button"
              aria-disabled={start.running}
              onClick={() => void begin()}
            >
              {text.begin}
            </button>
          ) : (
            <Link
              className="button"
              to={`/signin?next=${encodeURIComponent(location.pathname + location.search)}`}
            >
              {text.signIn}
            </Link>
          )}
        </p>
      )}
    </Page>
  )
}

function Given({ item }: { item: Item }) {
  const text = useText(TEXT)
  const say = useSay()
  const place = usePlace()
  return (
    <>
      <h2>{text.given}</h2>
      <dl className="answers">
        {item.questions.map((question) => {
          const value = place.query.get(question.id)
          const option = optionsOf(question).find((option) => option.value === value)
          return (
            <div key={question.id}>
              <dt>{say(question.text)}</dt>
              <dd>{option ? say(option.text) : value}</dd>
              <dd>
                <Link to={withQuery(place, { ask: question.id })}>
                  {text.change}
                  <span className="visually-hidden">{say(question.text)}</span>
                </Link>
              </dd>
            </div>
          )
        })}
      </dl>
    </>
  )
}

function outcomeTitle(text: typeof TEXT.zh, outcome: string) {
  return (text.outcomes as Record<string, string>)[outcome] ?? text.undecided
}

const TEXT = {
  zh: {
    step: (n: number, of: number) => `第 ${n} 题，共 ${of} 题`,
    choose: '请选一个答案',
    next: '继续',
    undecided: '暂时不能判断',
    outcomes: {
      apply: '可以在这里申请',
      'not-required': '您不需要办理',
      'other-item': '您要办的是另一件事',
      refuse: '按规定现在不能申请',
    },
    materials: '您需要的材料',
    given: '您的回答',
    change: '修改',
    begin: '开始申请',
    signIn: '登录并申请',
  },
  en: {
    step: (n: number, of: number) => `Question ${n} of ${of}`,
    choose: 'Choose an answer',
    next: 'Continue',
    undecided: 'This cannot be decided yet',
    outcomes: {
      apply: 'You can apply here',
      'not-required': 'You do not need to apply',
      'other-item': 'You need another service',
      refuse: 'By the rules you cannot apply now',
    },
    materials: 'The documents you need',
    given: 'Your answers',
    change: 'Change ',
    begin: 'Start the application',
    signIn: 'Sign in and apply',
  },
}
