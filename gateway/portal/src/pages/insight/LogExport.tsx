import { useState } from 'react'
import { useText } from '../../i18n.ts'

/** Links to the log of a version, once its purpose is stated. */
export function LogExport({ processKey, version }: { processKey: string; version: number }) {
  const text = useText(TEXT)
  const [purpose, setPurpose] = useState('')
  const stated = purpose.trim() !== ''
  const addressOf = (format: string) =>
    `/api/processes/${processKey}/log?${new URLSearchParams({ format, version: String(version), purpose: purpose.trim() })}`
  return (
    <section>
      <h2>{text.title}</h2>
      <div className="field">
        <label htmlFor="purpose">{text.purpose}</label>
        <p className="field-hint" id="purpose-hint">
          {text.hint}
        </p>
        <input
          id="purpose"
          className="input"
          aria-describedby="purpose-hint"
          maxLength={500}
          value={purpose}
          onChange={(event) => setPurpose(event.target.value)}
        />
      </div>
      {stated && (
        <nav className="downloads" aria-label={text.title}>
          <ul>
            <li>
              <a href={addressOf('xes')} download>
                XES (IEEE 1849-2016)
              </a>
            </li>
            <li>
              <a href={addressOf('ocel')} download>
                OCEL 2.0 (JSON)
              </a>
            </li>
          </ul>
        </nav>
      )}
    </section>
  )
}

const TEXT = {
  zh: {
    title: '导出事件日志（流程挖掘）',
    purpose: '用途',
    hint: '填写后可下载。人员以只在该文件内有效的化名代替；导出人与用途记入访问记录。',
  },
  en: {
    title: 'Export the event log (process mining)',
    purpose: 'Purpose',
    hint: 'State it to download. Persons are pseudonyms of that file alone; who took it and why is logged.',
  },
}
