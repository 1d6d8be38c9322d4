import { useRef, useState, type ReactNode } from 'react'
import { commandOf, forgetCommand, UNREACHABLE, upload, type ApiError } from '../api.ts'
import { useFormat } from '../format.ts'
import { useSay, useText, type LocalText } from '../i18n.ts'
import { useWords } from '../words.ts'
import { kindOfFile } from './MaterialTable.tsx'
import { Failure } from './Notices.tsx'

export interface MaterialFile {
  readonly id: string
  readonly fileName: string
  readonly sizeBytes: number
  readonly verdict?: string | null
  readonly verdictNote?: string | null
  readonly obtainedBy: string
}

interface UploadProps {
  readonly applicationId: string
  readonly version: number
  readonly definition: {
    readonly code: string
    readonly name: LocalText
    readonly necessity: string
    readonly accepts: readonly string[]
    readonly maxBytes: number
    readonly maxFiles: number
    readonly obtainBy: readonly string[]
    readonly instructions?: LocalText | null
  }
  readonly files: readonly MaterialFile[]
  readonly missing: boolean
  readonly note?: ReactNode
  readonly onChanged: () => Promise<unknown> | void
  /** Told when a file begins to be sent, and when it has arrived or was refused. */
  readonly onSending?: (sending: boolean) => void
  readonly onRemove?: (file: MaterialFile) => void
}

/** One material: what is asked, the files given, and a control that sends a file at once, with progress and refusal. */
export function MaterialUpload(props: UploadProps) {
  const { applicationId, version, definition, files, missing, note, onChanged, onSending, onRemove } = props
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  const [share, setShare] = useState<number>()
  const [error, setError] = useState<ApiError>()
  const control = useRef<HTMLInputElement>(null)
  const id = `material-${definition.code}`
  const rules = `${definition.accepts.map(kindOfFile).join(text.comma)} ≤ ${format.size(definition.maxBytes)}`

  async function send(file: File | undefined) {
    if (!file || share !== undefined) return
    setError(undefined)
    setShare(0)
    onSending?.(true)
    const path = `/api/applications/${applicationId}/materials/${encodeURIComponent(definition.code)}`
    const intent = `${path}\n${version}\n${file.name}\n${file.size}\n${file.lastModified}`
    const query = new URLSearchParams({
      name: file.name,
      version: String(version),
      commandId: commandOf(intent),
    })
    try {
      await upload(`${path}?${query}`, file, setShare)
      forgetCommand(intent)
      await onChanged()
    } catch (refusal) {
      if ((refusal as ApiError).code !== UNREACHABLE.code) forgetCommand(intent)
      setError(refusal as ApiError)
    }
    setShare(undefined)
    onSending?.(false)
    if (control.current) control.current.value = ''
  }

  return (
    <section
      className={note ? 'field field-named' : 'field'}
      aria-labelledby={`${id}-name`}
      data-material={definition.code}
    >
      <div className="heading-row">
        <h2 id={`${id}-name`}>{say(definition.name)}</h2>
        <span className={missing ? 'tag tag-warn' : files.length ? 'tag tag-good' : 'tag tag-quiet'}>
          {missing ? text.missing : files.length ? text.given : words('necessity', definition.necessity)}
        </span>
      </div>
      {definition.instructions && <p className="field-hint">{say(definition.instructions)}</p>}
      {note}
      {files.length > 0 && (
        <ul className="task-list">
          {files.map((file) => (
            <li key={file.id}>
              <div>
                <a href={`/api/materials/${file.id}`}>{file.fileName}</a>{' '}
                <span className="quiet">
                  {format.size(file.sizeBytes)} · {words('obtain', file.obtainedBy)}
                </span>
                {file.verdictNote && <p className="quiet">{file.verdictNote}</p>}
              </div>
              {onRemove && (
                <button type="button" className="button-plain" onClick={() => onRemove(file)}>
                  {text.remove}
                  <span className="visually-hidden">{file.fileName}</span>
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {error && <Failure error={error} />}
      {share !== undefined && (
        <p role="status">
          <label>
            {text.sending(format.percent(share))}
            <progress value={share} />
          </label>
        </p>
      )}
      {definition.obtainBy.includes('upload') && files.length < definition.maxFiles && (
        <>
          <label htmlFor={id}>
            {files.length ? text.addAnother(say(definition.name)) : text.choose(say(definition.name))}
          </label>
          <p className="field-hint" id={`${id}-rules`}>
            {rules}
          </p>
          <input
            ref={control}
            id={id}
            type="file"
            className="input"
            accept={definition.accepts.join(',')}
            aria-describedby={`${id}-rules`}
            onChange={(event) => void send(event.target.files?.[0])}
          />
        </>
      )}
    </section>
  )
}

const TEXT = {
  zh: {
    comma: '、',
    missing: '还没交',
    given: '已交',
    remove: '移除',
    sending: (percent: string) => `正在上传 ${percent}`,
    choose: (name: string) => `选择文件：${name}`,
    addAnother: (name: string) => `再加一个文件：${name}`,
  },
  en: {
    comma: ', ',
    missing: 'Missing',
    given: 'Given',
    remove: 'Remove ',
    sending: (percent: string) => `Uploading ${percent}`,
    choose: (name: string) => `Choose a file: ${name}`,
    addAnother: (name: string) => `Add another file: ${name}`,
  },
}
