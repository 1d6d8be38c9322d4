import { Button } from 'antd'
import type { ApiError } from '../../api.ts'
import { useText } from '../../i18n.ts'
import { type EncodingPreview, EncodingPreviews } from './EncodingPreviews.tsx'

interface UnclearProps {
  readonly error: ApiError
  /** @param choice what to add to the address of the upload */
  readonly onConfirmed: (choice: string) => void
}

/** What a person can decide about a file that was refused: its encoding by two previews, or its odd header. */
export function Unclear({ error, onConfirmed }: UnclearProps) {
  const text = useText(TEXT)
  if (error.code === 'INGEST_HEADER_UNCLEAR')
    return (
      <p className="actions">
        <Button id="confirm-header" onClick={() => onConfirmed('&header=confirmed')}>
          {text.header}
        </Button>
      </p>
    )
  if (error.code !== 'INGEST_FILE_ENCODING_UNCLEAR') return null
  const previews = JSON.parse(String(error.params['previews'] ?? '[]')) as EncodingPreview[]
  return (
    <>
      <EncodingPreviews previews={previews} />
      <p className="actions">
        {previews.map(({ encoding }) => (
          <Button
            key={encoding}
            data-choose-encoding={encoding}
            onClick={() => onConfirmed(`&encoding=${encodeURIComponent(encoding)}`)}
          >
            {text.encoding(encoding)}
          </Button>
        ))}
      </p>
    </>
  )
}

const TEXT = {
  zh: {
    header: '表头没有问题，照此上传',
    encoding: (name: string) => `按 ${name} 上传`,
  },
  en: {
    header: 'The header is right: upload it so',
    encoding: (name: string) => `Upload as ${name}`,
  },
}
