import './decision.css'
import { useText } from '../../i18n.ts'
import type { Table } from './decisions.ts'

interface DecisionTableProps {
  readonly name: string
  readonly table: Table
  /** Numbers of the rules that held in a trial. */
  readonly fired: ReadonlySet<number>
}

/** A decision table as a person reads it: quotes and dashes in words, the rules that held marked. */
export function DecisionTable({ name, table, fired }: DecisionTableProps) {
  const text = useText(TEXT)
  const policy = text.policies[table.hitPolicy as keyof typeof text.policies] ?? table.hitPolicy
  const notes = table.rules.some(({ annotations }) => annotations.some(Boolean))
  return (
    <>
      <p>
        {text.policy}
        {policy}
        {table.aggregation ? `（${table.aggregation}）` : ''}
      </p>
      <div className="table-scroll data-table" role="region" aria-label={name} tabIndex={0}>
        <table className="plain">
          <caption className="visually-hidden">{name}</caption>
          <thead>
            <tr>
              <th scope="col">{text.rule}</th>
              {table.inputs.map(({ label, expression }, at) => (
                <th scope="col" key={at}>
                  {label ?? expression}
                </th>
              ))}
              {table.outputs.map(({ label, name: output }, at) => (
                <th scope="col" key={at}>
                  → {label ?? output ?? name}
                </th>
              ))}
              {notes && <th scope="col">{text.note}</th>}
            </tr>
          </thead>
          <tbody>
            {table.rules.map(({ when, then, annotations }, at) => (
              <tr key={at} data-fired={fired.has(at + 1)}>
                <th scope="row">
                  {at + 1} {fired.has(at + 1) && <span className="tag tag-good">{text.held}</span>}
                </th>
                {when.map((cell, column) => (
                  <td key={column}>{/^\s*-?\s*$/.test(cell) ? text.any : asWords(cell, text.not)}</td>
                ))}
                {then.map((cell, column) => (
                  <td key={column} className="decision-answer">
                    <strong>{asWords(cell, text.not)}</strong>
                  </td>
                ))}
                {notes && <td className="decision-note">{annotations.join('；')}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

/** `not("a", "b")` and `"a"` without the signs; any other FEEL as it is written. */
function asWords(cell: string, not: (what: string) => string): string {
  const texts = /^\s*(not\s*\()?\s*("[^"\\]*"(?:\s*,\s*"[^"\\]*")*)\s*(\))?\s*$/.exec(cell)
  if (!texts || (texts[1] === undefined) !== (texts[3] === undefined)) return cell
  const words = [...texts[2]!.matchAll(/"([^"]*)"/g)].map(([, word]) => word).join(' / ')
  return texts[1] === undefined ? words : not(words)
}

const TEXT = {
  zh: {
    policy: '命中策略：',
    policies: {
      UNIQUE: '唯一（规则互不重叠）',
      FIRST: '取第一条命中的规则',
      PRIORITY: '取输出最优先的规则',
      ANY: '命中的规则输出须相同',
      COLLECT: '收集所有命中规则的输出',
      'RULE ORDER': '收集输出，按规则次序',
      'OUTPUT ORDER': '收集输出，按输出次序',
    },
    rule: '规则',
    any: '不论',
    not: (what: string) => `不是 ${what}`,
    note: '依据',
    held: '命中',
  },
  en: {
    policy: 'Hit policy: ',
    policies: {
      UNIQUE: 'unique (no two rules overlap)',
      FIRST: 'the first rule that holds',
      PRIORITY: 'the rule whose output has priority',
      ANY: 'rules that hold must agree',
      COLLECT: 'collects the outputs of all rules that hold',
      'RULE ORDER': 'collects the outputs in the order of the rules',
      'OUTPUT ORDER': 'collects the outputs in the order of their weight',
    },
    rule: 'Rule',
    any: 'any',
    not: (what: string) => `not ${what}`,
    note: 'Basis',
    held: 'held',
  },
}
