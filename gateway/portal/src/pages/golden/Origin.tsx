import { useFormat } from '../../format.ts'
import type { SourcePartsFragment } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'

/** Who says so: the body, its dataset down to the line, since when, and how far it is trusted. */
export function Origin({ source }: { source: SourcePartsFragment }) {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  return (
    <p className="field-origin">
      <span>{say(source.organisation.name)}</span>
      <Link to={`/data/datasets/${source.datasetId}`}>{source.datasetTitle}</Link>
      <span>{text.place(source.version, source.line)}</span>
      <span>{text.asOf(format.time(source.asOfAt))}</span>
      <span>{text.trust(format.percent(source.trust))}</span>
    </p>
  )
}

const TEXT = {
  zh: {
    asOf: (time: string) => `截至 ${time}`,
    place: (version: number, line?: number | null) =>
      line ? `第 ${version} 版第 ${line} 行` : `第 ${version} 版`,
    trust: (percent: string) => `可信度 ${percent}`,
  },
  en: {
    asOf: (time: string) => `as of ${time}`,
    place: (version: number, line?: number | null) =>
      line ? `version ${version}, line ${line}` : `version ${version}`,
    trust: (percent: string) => `trust ${percent}`,
  },
}
