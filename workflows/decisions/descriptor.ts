import dmn13 from 'dmn-moddle/resources/dmn/json/dmn13.json' with { type: 'json' }

const NAMESPACE = dmn13.uri

/** Namespaces of DMN 1.2 to 1.6; the model of 1.3 with the additions below reads them all. */
const VERSIONS =
  /(["'])https?:\/\/www\.omg\.org\/spec\/DMN\/(?:20180521|20191111|20211108|20230324|20240513)\/MODEL\/\1/g

/** The file in the namespace that the descriptor names. */
export const inOneNamespace = (xml: string) => xml.replace(VERSIONS, `"${NAMESPACE}"`)

const child = (name: string, type = 'ChildExpression') => ({ name, type, xml: { serialize: 'property' } })
const variable = { name: 'iteratorVariable', type: 'String', isAttr: true }
const branch = { name: 'ChildExpression', properties: [{ name: 'value', type: 'Expression' }] }

/** What DMN 1.4 and 1.5 added to 1.3. */
const ADDED = [
  branch,
  { ...branch, name: 'TypedChildExpression', superClass: ['ChildExpression'], properties: [] },
  {
    name: 'Conditional',
    superClass: ['Expression'],
    properties: [child('if'), child('then'), child('else')],
  },
  { name: 'Filter', superClass: ['Expression'], properties: [child('in'), child('match')] },
  { name: 'Iterator', isAbstract: true, superClass: ['Expression'], properties: [variable, child('in')] },
  { name: 'For', superClass: ['Iterator'], properties: [child('return')] },
  { name: 'Some', superClass: ['Iterator'], properties: [child('satisfies')] },
  { name: 'Every', superClass: ['Iterator'], properties: [child('satisfies')] },
]

type Type = { readonly name: string; readonly properties?: readonly object[] }

/** The moddle descriptor of DMN. */
export const dmn = {
  ...dmn13,
  types: [
    ...(dmn13.types as readonly Type[]).map((type) =>
      type.name === 'ItemDefinition'
        ? { ...type, properties: [...(type.properties ?? []), child('typeConstraint', 'UnaryTests')] }
        : type,
    ),
    ...ADDED.map((type) => ({ ...type })),
  ],
}
