import { useText } from '../../i18n.ts'
import type { Batch } from './batch.ts'

/** The file's first rows under the names of its columns. */
export function Preview({ batch }: { batch: Batch }) {
  const text = useText(TEXT)
  return (
    <details open>
      <summary>{text.preview}</summary>
      <div className="table-scroll" role="region" aria-label={text.preview} tabIndex={0}>
        <table className="plain raw-cells">
          <caption className="visually-hidden">{text.preview}</caption>
          <thead>
            <tr>
              {batch.columns.map(({ index, name }) => (
                <th scope="col" key={index}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {batch.preview.map((cells, line) => (
              <tr key={line}>
                {cells.map((cell, at) => (
                  <td key={at}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}

const TEXT = {
  zh: { preview: '文件的前几行' },
  en: { preview: 'The first rows of the file' },
}
