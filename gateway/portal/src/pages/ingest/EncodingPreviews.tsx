import { useText } from '../../i18n.ts'

export interface EncodingPreview {
  readonly encoding: string
  readonly lines: readonly string[]
}

/** The beginning of a file as it reads in each encoding it may have, side by side for a person to compare. */
export function EncodingPreviews({ previews }: { previews: readonly EncodingPreview[] }) {
  const text = useText(TEXT)
  return (
    <>
      {previews.map(({ encoding, lines }) => (
        <figure key={encoding} data-encoding={encoding}>
          <figcaption>{text.read(encoding)}</figcaption>
          <pre
            className="raw-cells"
            tabIndex={0}
            aria-label={text.read(encoding)}
            style={{ overflowX: 'auto' }}
          >
            {lines.join('\n')}
          </pre>
        </figure>
      ))}
    </>
  )
}

const TEXT = {
  zh: { read: (encoding: string) => `按 ${encoding} 读出的前十行` },
  en: { read: (encoding: string) => `The first ten lines read as ${encoding}` },
}
