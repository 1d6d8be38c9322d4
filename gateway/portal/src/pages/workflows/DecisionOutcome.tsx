import { useSay, useText } from '../../i18n.ts'
import { type DecisionAnswer, plain } from './decisions.ts'

/** What a decision answered and why: each rule that held, with what it held of. */
export function DecisionOutcome({ outcome }: { outcome: DecisionAnswer }) {
  const text = useText(TEXT)
  const say = useSay()
  const { result, rules, warnings } = outcome
  const isNull = result === null || result === undefined
  return (
    <div className="decision-outcome">
      <p>
        {text.result}
        <strong data-result>{isNull ? text.nothing : plain(result)}</strong>
      </p>
      {rules.length === 0 && <p className="quiet">{text.noRule}</p>}
      <ul>
        {rules.map(({ decision, rule, inputs, outputs, annotations }) => (
          <li key={`${decision} ${rule}`} data-fired-rule={rule}>
            {text.because(decision, rule)} {told(inputs)} → {told(outputs)}
            {annotations.some(Boolean) && <em> {annotations.join('；')}</em>}
          </li>
        ))}
      </ul>
      {warnings.map((warning) => (
        <p className="notice notice-warn" key={`${warning.code} ${warning.at}`}>
          {say(warning)} <code className="quiet">{warning.code}</code>
        </p>
      ))}
    </div>
  )
}

/** An object as `name: value`, in the order it has. */
const told = (values: unknown) =>
  typeof values === 'object' && values !== null
    ? Object.entries(values)
        .map(([name, value]) => `${name}: ${plain(value)}`)
        .join('，')
    : plain(values)

const TEXT = {
  zh: {
    result: '结果：',
    nothing: '没有结果',
    noRule: '没有规则命中。',
    because: (decision: string, rule: number) => `“${decision}”的规则 ${rule} 命中：`,
  },
  en: {
    result: 'Result: ',
    nothing: 'none',
    noRule: 'No rule held.',
    because: (decision: string, rule: number) => `Rule ${rule} of “${decision}” held:`,
  },
}
