/** Writers of small DMN files. */

const escaped = (text: string) =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')

export const dmn = (body: string, more = '') =>
  `<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="defs" name="model" namespace="urn:test" ${more}>${body}</definitions>`

export const input = (name: string, type: string) =>
  `<inputData id="i_${name}" name="${name}"><variable name="${name}" typeRef="${type}"/></inputData>`

export const needsInput = (...names: string[]) =>
  names
    .map((name) => `<informationRequirement><requiredInput href="#i_${name}"/></informationRequirement>`)
    .join('')

export const needsDecision = (...names: string[]) =>
  names
    .map((name) => `<informationRequirement><requiredDecision href="#d_${name}"/></informationRequirement>`)
    .join('')

export const decision = (name: string, requires: string, logic: string, type = '') =>
  `<decision id="d_${name}" name="${name}"><variable name="${name}"${type && ` typeRef="${type}"`}/>${requires}${logic}</decision>`

export const literal = (text: string) =>
  `<literalExpression><text>${escaped(text)}</text></literalExpression>`

export interface Table {
  readonly policy: string
  readonly aggregation?: string
  /** Expression, type and, where there are some, allowed values. */
  readonly inputs: readonly (readonly [string, string, string?])[]
  /** Name, type, values and default. */
  readonly outputs: readonly (readonly [string, string, (string | undefined)?, string?])[]
  /** Cells of the inputs, then of the outputs. */
  readonly rules: readonly (readonly string[])[]
}

export function table({ policy, aggregation, inputs, outputs, rules }: Table): string {
  const columns = inputs.map(
    ([text, type, allowed]) =>
      `<input><inputExpression typeRef="${type}"><text>${escaped(text)}</text></inputExpression>${
        allowed === undefined ? '' : `<inputValues><text>${escaped(allowed)}</text></inputValues>`
      }</input>`,
  )
  const results = outputs.map(
    ([name, type, values, otherwise]) =>
      `<output name="${name}" typeRef="${type}">${
        values === undefined ? '' : `<outputValues><text>${escaped(values)}</text></outputValues>`
      }${
        otherwise === undefined
          ? ''
          : `<defaultOutputEntry><text>${escaped(otherwise)}</text></defaultOutputEntry>`
      }</output>`,
  )
  const rows = rules.map((cells, index) => {
    const when = cells
      .slice(0, inputs.length)
      .map((text) => `<inputEntry><text>${escaped(text)}</text></inputEntry>`)
    const then = cells
      .slice(inputs.length)
      .map((text) => `<outputEntry><text>${escaped(text)}</text></outputEntry>`)
    return `<rule id="r${index + 1}">${when.join('')}${then.join('')}</rule>`
  })
  const by = aggregation === undefined ? '' : ` aggregation="${aggregation}"`
  return `<decisionTable hitPolicy="${policy}"${by}>${columns.join('')}${results.join('')}${rows.join('')}</decisionTable>`
}

/** A file with one table over its inputs. */
export const tableFile = (name: string, made: Table) =>
  dmn(
    made.inputs.map(([text, type]) => input(text, type)).join('') +
      decision(name, needsInput(...made.inputs.map(([text]) => text)), table(made)),
  )
