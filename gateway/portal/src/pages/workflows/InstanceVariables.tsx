import { useMemo, useState, type FormEvent } from 'react'
import { useMutation, useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import type { ProcessInstanceVariablesQuery } from '../../generated/graphql.ts'
import { useText } from '../../i18n.ts'
import { type Running, VARIABLES } from './instance.ts'
import { SET_VARIABLES } from './operation.ts'
import { inputOf, valueOf } from './variable.ts'
import { VariableInput } from './VariableInput.tsx'

interface InstanceVariablesProps {
  readonly instance: Running
  readonly names: (node: string) => string
  readonly onChanged: () => void
}

type Held = NonNullable<ProcessInstanceVariablesQuery['processInstance']>['variables'][number]

/** An applicant's answers are among the variables: they are read when asked for, and the reading is on the record. */
export function InstanceVariables(props: InstanceVariablesProps) {
  const text = useText(TEXT)
  const [open, setOpen] = useState(false)
  return (
    <section aria-labelledby="variables">
      <h2 id="variables">{text.variables}</h2>
      {open ? (
        <Opened {...props} />
      ) : (
        <p>
          <button type="button" className="button-second" id="show-variables" onClick={() => setOpen(true)}>
            {text.show}
          </button>{' '}
          <span className="quiet">{text.recorded}</span>
        </p>
      )}
    </section>
  )
}

function Opened({ instance, names, onChanged }: InstanceVariablesProps) {
  const text = useText(TEXT)
  const { businessKey, id, endedAt } = instance
  const query = useQuery(VARIABLES, { businessKey, id })
  const held = query.state === 'ready' ? query.data.processInstance?.variables : undefined
  const scopes = useMemo(() => scopesOf(held ?? []), [held])
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  if (scopes.size === 0) return <p className="quiet">{text.none}</p>
  return [...scopes].map(([token, variables]) => (
    <Scope
      key={`${token} ${query.data.processInstance?.version}`}
      instance={id}
      version={query.data.processInstance?.version ?? 0}
      token={token}
      title={variables[0]?.node ? names(variables[0].node) : ''}
      variables={variables}
      isOver={!!endedAt}
      onSaved={() => {
        query.reload()
        onChanged()
      }}
    />
  ))
}

function scopesOf(variables: readonly Held[]): Map<number, Held[]> {
  const scopes = new Map<number, Held[]>()
  for (const one of variables) scopes.set(one.token, [...(scopes.get(one.token) ?? []), one])
  return scopes
}

interface ScopeProps {
  readonly instance: string
  readonly version: number
  readonly token: number
  /** Of the activity that holds them; empty for the process. */
  readonly title: string
  readonly variables: readonly Held[]
  readonly isOver: boolean
  readonly onSaved: () => void
}

function Scope({ instance, version, token, title, variables, isOver, onSaved }: ScopeProps) {
  const text = useText(TEXT)
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({})
  const [reason, setReason] = useState('')
  const save = useMutation(SET_VARIABLES)
  const changed = variables.filter(({ name, value }) => (typed[name] ?? inputOf(value)) !== inputOf(value))
  const read = changed.map(({ name, type, value }) => ({
    name,
    value: valueOf(typed[name] ?? '', type, value),
  }))
  const isWrong = read.some(({ value }) => value === undefined)
  const isReady = changed.length > 0 && !isWrong && reason.trim() !== ''

  function send(event: FormEvent) {
    event.preventDefault()
    if (!isReady) return
    const values = Object.fromEntries(read.map(({ name, value }) => [name, value?.value ?? null]))
    void save
      .run({ id: instance, expectedVersion: version, token: token || null, values, reason: reason.trim() })
      .then((done) => done && onSaved())
  }

  return (
    <form onSubmit={send} aria-busy={save.running} data-scope={token}>
      {title && <h3>{text.of(title)}</h3>}
      <div className="table-scroll" role="region" aria-label={title || text.variables} tabIndex={0}>
        <table className="plain">
          <caption className="visually-hidden">{title ? text.of(title) : text.variables}</caption>
          <thead>
            <tr>
              <th scope="col">{text.name}</th>
              <th scope="col">{text.type}</th>
              <th scope="col">{text.value}</th>
            </tr>
          </thead>
          <tbody>
            {variables.map((one) => (
              <tr key={one.name} data-variable={one.name}>
                <th scope="row">
                  <code>{one.name}</code>
                </th>
                <td>{one.declared ? text.types[one.type as keyof typeof text.types] : text.undeclared}</td>
                <td>
                  <VariableInput
                    name={one.name}
                    type={one.type}
                    isFixed={isOver || !one.maySet}
                    value={typed[one.name] ?? inputOf(one.value)}
                    onChange={(value) => setTyped((typed) => ({ ...typed, [one.name]: value }))}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {changed.length > 0 && (
        <div className="operation" data-operation="set-variables">
          <p>{text.effect(changed.map(({ name }) => name).join(text.comma))}</p>
          <div className="field">
            <label htmlFor={`reason-${token}`}>{text.reason}</label>
            <input
              id={`reason-${token}`}
              className="input"
              required
              maxLength={1000}
              autoComplete="off"
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          </div>
          {save.error && <Failure error={save.error} retry={onSaved} />}
          <p className="actions">
            <button type="submit" className="button" disabled={!isReady || save.running}>
              {text.save}
            </button>
            <button type="button" className="button-second" onClick={() => setTyped({})}>
              {text.leave}
            </button>
          </p>
        </div>
      )}
    </form>
  )
}

const TEXT = {
  zh: {
    variables: '变量',
    none: '没有变量。',
    show: '查看变量',
    recorded: '其中可能有申请人的信息，查看会记入访问记录。',
    of: (name: string) => `“${name}”自己的变量`,
    name: '名称',
    type: '类型',
    value: '值',
    undeclared: '未声明',
    types: {
      string: '文本',
      number: '数',
      boolean: '是/否',
      date: '日期',
      'date-time': '日期时间',
      duration: '时长',
      list: '列表（JSON）',
      context: '对象（JSON）',
      any: '任意',
    },
    comma: '、',
    effect: (names: string) => `将更改 ${names}。之后的条件、定时器和任务按新值计算，已发生的不变。`,
    reason: '理由（记入记录）',
    save: '确认更改',
    leave: '不改了',
  },
  en: {
    variables: 'Variables',
    none: 'It has none.',
    show: 'Show variables',
    recorded: 'An applicant’s answers may be among them: the reading is recorded.',
    of: (name: string) => `Of “${name}” itself`,
    name: 'Name',
    type: 'Type',
    value: 'Value',
    undeclared: 'not declared',
    types: {
      string: 'text',
      number: 'number',
      boolean: 'yes or no',
      date: 'day',
      'date-time': 'instant',
      duration: 'duration',
      list: 'list (JSON)',
      context: 'object (JSON)',
      any: 'any',
    },
    comma: ', ',
    effect: (names: string) =>
      `Changes ${names}. Conditions, timers and tasks from now on see the new value; what has happened stays.`,
    reason: 'Why (kept on the record)',
    save: 'Confirm the change',
    leave: 'Leave it',
  },
}
