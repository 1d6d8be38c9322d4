import type { Texts } from '../../core/errors.ts'
import type { NewOrganisation } from '../../modules/organisation/index.ts'

/** Invented bodies of an invented county; its region code is in no edition of GB/T 2260. */
const REGION = '990121'

export const MARKET = 'demo-market-bureau'
export const TAX = 'demo-tax-bureau'
export const URBAN = 'demo-urban-management'
export const STANDARDS = 'demo-standards-office'
export const COUNTY = 'demo-county'
export const FIRM = 'demo-haoweilai'
export const RIVAL = 'demo-hongyun'

export const organisations: readonly NewOrganisation[] = [
  {
    id: COUNTY,
    kind: 'government',
    name: { zh: '示例县人民政府', en: 'Demo County Government' },
    regionCode: REGION,
  },
  body(MARKET, '示例县市场监督管理局', 'Demo County Market Supervision Bureau'),
  body(TAX, '示例县税务局', 'Demo County Tax Bureau'),
  body(URBAN, '示例县城市管理局', 'Demo County Urban Management Bureau'),
  body(STANDARDS, '示例县数据标准办公室', 'Demo County Data Standards Office'),
  firm(FIRM, '示例县好味来餐饮有限公司', 'Haoweilai Catering Ltd', '91990121MAEH7Y1G65'),
  firm(RIVAL, '示例县鸿运食品有限公司', 'Hongyun Food Ltd', '91990121MA8DMAQ73H'),
]

function body(id: string, zh: string, en: string): NewOrganisation {
  return { id, kind: 'body', parentId: COUNTY, name: { zh, en }, regionCode: REGION }
}

function firm(id: string, zh: string, en: string, creditCode: string): NewOrganisation {
  return { id, kind: 'enterprise', name: { zh, en }, creditCode, regionCode: REGION }
}

export interface DemoAccount {
  readonly login: string
  readonly name: Texts
  /** Absent for a citizen, who acts for herself. */
  readonly post?: { readonly organisationId: string; readonly roles: readonly string[] }
}

const account = (login: string, zh: string, en: string, organisationId: string, ...roles: string[]) => ({
  login,
  name: { zh, en },
  post: { organisationId, roles },
})

/** One account for each role of the journey, a second clerk, and the head of her bureau. */
export const accounts: readonly DemoAccount[] = [
  { login: 'citizen', name: { zh: '周静', en: 'Zhou Jing' } },
  account('enterprise-drafter', '林晓梅', 'Lin Xiaomei', FIRM, 'enterprise-drafter'),
  account('enterprise-approver', '何志强', 'He Zhiqiang', FIRM, 'enterprise-approver'),
  account('other-enterprise', '陈建国', 'Chen Jianguo', RIVAL, 'enterprise-drafter'),
  account('clerk', '王芳', 'Wang Fang', MARKET, 'clerk'),
  account('clerk-deputy', '何静', 'He Jing', MARKET, 'clerk'),
  account('market-head', '邓伟', 'Deng Wei', MARKET, 'supervisor'),
  account('reviewer', '李敏', 'Li Min', MARKET, 'reviewer'),
  account('inspector', '赵磊', 'Zhao Lei', MARKET, 'inspector'),
  account('signer', '孙涛', 'Sun Tao', MARKET, 'signer'),
  account('um-reviewer', '马超', 'Ma Chao', URBAN, 'reviewer'),
  account('supervisor', '郭平', 'Guo Ping', COUNTY, 'supervisor'),
  account('directory-admin', '高霞', 'Gao Xia', MARKET, 'directory-admin'),
  account('directory-county', '田野', 'Tian Ye', COUNTY, 'directory-admin'),
  account('standards-drafter', '吴娟', 'Wu Juan', STANDARDS, 'standards-drafter'),
  account('standards-approver', '徐明', 'Xu Ming', STANDARDS, 'standards-approver'),
  account('steward-market', '朱艳', 'Zhu Yan', MARKET, 'data-steward'),
  account('steward-tax', '胡勇', 'Hu Yong', TAX, 'data-steward'),
  account('steward-um', '罗杰', 'Luo Jie', URBAN, 'data-steward'),
  account('process-designer', '黄丽', 'Huang Li', COUNTY, 'process-designer'),
  account('auditor', '杨洋', 'Yang Yang', COUNTY, 'auditor'),
]

/** Administers the directory of the county's bodies. */
export const DIRECTORY_ADMIN = 'directory-county'

export interface DemoRegister {
  readonly organisationId: string
  readonly steward: string
  readonly title: string
  readonly schemaCode: string
  readonly file: string
  readonly encoding: string
  /** What its provider adds to the directory entry that the dataset offers. */
  readonly entry: {
    readonly unit: string
    readonly sharingCondition: string
    readonly updateCycle: 'daily' | 'weekly' | 'monthly'
    readonly custodian: string
    readonly contact: string
    readonly system: string
    /** To the public; absent is not. */
    readonly open?: boolean
    /** Why items are collected whose legal source is another department (一数一源). */
    readonly duplicateReason: string
  }
}

/** Dirty on purpose: wrong check digits, impossible dates, repeated rows, three ways to write a day, GB18030. */
export const registers: readonly DemoRegister[] = [
  {
    organisationId: MARKET,
    steward: 'steward-market',
    title: '市场主体登记信息',
    schemaCode: 'business-registration',
    file: 'market-registrations.csv',
    encoding: 'utf-8',
    entry: {
      unit: '登记注册科',
      sharingCondition: '政务部门依法履职需要，写明用途和期限',
      updateCycle: 'daily',
      custodian: '朱艳',
      contact: '0599-1200101',
      system: '市场主体登记系统',
      duplicateReason: '登记机关在设立登记时一并采集，供核对',
    },
  },
  {
    organisationId: TAX,
    steward: 'steward-tax',
    title: '纳税人登记信息',
    schemaCode: 'taxpayer',
    file: 'taxpayers.csv',
    encoding: 'gb18030',
    entry: {
      unit: '征收管理科',
      sharingCondition: '限于核验，不得转供',
      updateCycle: 'monthly',
      custodian: '胡勇',
      contact: '0599-1200102',
      system: '税收征管系统',
      duplicateReason: '税务登记时依法采集，用于税收征收管理',
    },
  },
  {
    organisationId: URBAN,
    steward: 'steward-um',
    title: '店招店牌备案信息',
    schemaCode: 'shop-sign',
    file: 'shop-signs.csv',
    encoding: 'utf-8',
    entry: {
      open: true,
      unit: '市容管理科',
      sharingCondition: '政务部门依法履职需要，写明用途和期限',
      updateCycle: 'monthly',
      custodian: '罗杰',
      contact: '0599-1200103',
      system: '店招备案系统',
      duplicateReason: '备案申请时由申请人填写，用于现场核对',
    },
  },
]

/** Whose designers look after the shipped processes, by key. */
export const processes: readonly { readonly key: string; readonly organisationId: string }[] = [
  { key: 'food-business-licence', organisationId: COUNTY },
]

/** Whose value of an element counts above all others (一数一源), by the element's code in the organisation pack. */
export const legalSources: readonly {
  readonly organisationId: string
  readonly elementCodes: readonly string[]
}[] = [
  {
    organisationId: MARKET,
    // Name, credit code, address, established on, status, legal representative, capital, scope.
    elementCodes: [1, 2, 5, 7, 10, 11, 12, 14].map(elementCode),
  },
  // Telephone, tax status, tax credit grade, premises, registered for tax on.
  { organisationId: TAX, elementCodes: [13, 15, 16, 17, 37].map(elementCode) },
  // Area, filing status, filed on, location of the sign.
  { organisationId: URBAN, elementCodes: [27, 28, 38, 39].map(elementCode) },
]

function elementCode(serial: number): string {
  return `DE${String(serial).padStart(8, '0')}`
}
