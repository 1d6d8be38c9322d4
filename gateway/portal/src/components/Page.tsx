import { useEffect, type ReactNode } from 'react'
import { useText } from '../i18n.ts'
import { Link } from '../router.tsx'
import { ErrorSummary, type FieldError } from './Notices.tsx'

interface PageProps {
  readonly title: string
  /** What stands above the title, such as the name of the service. */
  readonly caption?: string | undefined
  readonly lead?: ReactNode
  readonly back?: string
  readonly errors?: readonly FieldError[]
  readonly wide?: boolean
  readonly busy?: boolean
  readonly children: ReactNode
}

const NO_ERRORS: readonly FieldError[] = []

/** One page of the window: way back, errors, one heading, content; also names the browser's tab. */
export function Page({ title, caption, lead, back, errors = NO_ERRORS, wide, busy, children }: PageProps) {
  const text = useText(TEXT)
  useTitle(errors.length ? `${text.error}${title}` : title)
  return (
    <div className={wide ? 'page measure-wide' : 'page measure'} aria-busy={busy ?? false}>
      {back && (
        <Link to={back} className="back-link">
          {text.back}
        </Link>
      )}
      <ErrorSummary errors={errors} />
      {caption && <p className="caption">{caption}</p>}
      <h1>{title}</h1>
      {lead && <p className="lead">{lead}</p>}
      {children}
    </div>
  )
}

export function useTitle(title: string) {
  const { brand } = useText(TEXT)
  useEffect(() => {
    document.title = `${title} - ${brand}`
  }, [title, brand])
}

const TEXT = {
  zh: { back: '返回', error: '错误：', brand: '一窗通办' },
  en: { back: 'Back', error: 'Error: ', brand: 'One Window' },
}
