import { Page } from '../components/Page.tsx'
import { useText } from '../i18n.ts'
import { Link } from '../router.tsx'

export function NotFound() {
  const text = useText(TEXT)
  return (
    <Page title={text.title} lead={text.lead}>
      <ul>
        <li>
          <Link to="/">{text.home}</Link>
        </li>
        <li>
          <Link to="/services">{text.services}</Link>
        </li>
      </ul>
    </Page>
  )
}

const TEXT = {
  zh: {
    title: '没有这个页面',
    lead: '地址可能写错了，或者页面已经搬走。',
    home: '回到首页',
    services: '找服务',
  },
  en: {
    title: 'There is no such page',
    lead: 'The address may be mistyped, or the page has moved.',
    home: 'Go to the front page',
    services: 'Find a service',
  },
}
