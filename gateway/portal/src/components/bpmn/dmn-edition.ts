/** Of DMN 1.3, the only edition dmn-js reads; the OMG names its namespaces by day, DMN's and that of its drawings. */
const READ = '20191111'
const NAMESPACE = /(https?:\/\/www\.omg\.org\/spec\/DMN\/)(\d{8})(\/(?:MODEL|DMNDI|FEEL)\/)/g
const NEWER = ['20211108', '20230324', '20240513']

/**
 * A file of DMN 1.4 to 1.6 as one of 1.3, and the way back for what the editor makes of it. What 1.3 does not have is not
 * read by dmn-js, which warns of it: such a file is then not drawn.
 */
export function asRead(xml: string): { readonly xml: string; readonly back: (saved: string) => string } {
  const editions = new Set([...xml.matchAll(NAMESPACE)].flatMap(([, , day = '']) => day))
  const newer = NEWER.find((day) => editions.has(day))
  if (newer === undefined) return { xml, back: (saved) => saved }
  const from = (day: string, to: string) => (text: string) =>
    text.replaceAll(NAMESPACE, (whole, before: string, found: string, after: string) =>
      found === day ? `${before}${to}${after}` : whole,
    )
  return { xml: from(newer, READ)(xml), back: from(READ, newer) }
}
