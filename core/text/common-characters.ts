/** What a text in a legacy encoding may be written in. */
export type Script = 'simplified' | 'traditional' | 'japanese' | 'latin'

/** Frequent in running text, addresses, company names and registers; the two Chinese scripts share many. */
const SHARED =
  '的一是不了在人有我他大中到上以要就出也得里后自之年生那下能而子天地多成只如事可自己用小作方行所本分公司有限工市名日月期' +
  '北南西东山水金木火土石口田心手文字法定立登信用代址路街号室楼村社安全食品物化科技新高明利光林江海河湖城平福建民合作同' +
  '主要目位置正常已未在其他外部第二三四五六七八九十百千元角分男女老师生活服理管制度数量次件加工商注册交通机械材料原油' +
  '股份支付出入库存收取回去来往前左右内外之此些都把被从向比由得过道使用表示性格式基本和平安居住宅所得税金年底'
const SIMPLIFIED =
  SHARED +
  '这国来时们个为会学对过发动经产现说种两开长问关无没与从后头实战进业东军电总员区处场华张车样题应万专务门农价众红农办议' +
  '设备厂县镇乡号医药贸责产权证质检标记录统计联系单位称编码类别状态营许许可执照续销变更财济纳税额费总币资资产权益债贷款' +
  '银杭苏广苏浙陕宁龙黄兴兰义齐鲁湾阳阴陈刘杨赵吴郑冯韩邓萧谢许苏卢蒋贾韦阎评级复议听证处罚违规法依据报请审批办结归档餐饮'
const TRADITIONAL =
  SHARED +
  '這國來時們個為會學對過發動經產現說種兩開長問關無沒與從後頭實戰進業東軍電總員區處場華張車樣題應萬專務門農價眾紅辦議' +
  '設備廠縣鎮鄉號醫藥貿責權證質檢標記錄統計聯繫單位稱編碼類別狀態營許執照續銷變更財濟納稅額費總幣資債貸款臺灣鋼鐵環保' +
  '銀蘇廣陝寧龍黃興蘭義齊魯陽陰陳劉楊趙吳鄭馮韓鄧蕭謝盧蔣賈韋閻評級複聽罰違規據報請審結歸檔餐飲坐標結果說明無樓巷弄鄰里'
const JAPANESE =
  SHARED +
  'あいうえおかがきくけこさしじすせそただちっつてでとどなにぬねのはばひふへほまみむめもやゆよらりるれろわをん' +
  'アイウエオカガキクグケコサザシジスズセソタダチッツテデトドナニネノハバパヒビピフブプヘベペホボマミムメモャヤュユョヨラリルレロワヲンー' +
  '国会学対発経産現説種両開長問関無沒与従後頭実戦進業東軍電総員区処場華張車様題応万専務門農価衆紅県町村丁目番号株式会社働労災害違反処分等'
const LATIN = 'àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßœÀÁÂÄÅÆÇÈÉÊËÍÑÓÔÖØÚÜŒ€£°§«»–—‘’“”…'

/** Width of a form or a mark, in no script's favour. */
const NEUTRAL = /[\u3000-\u303f\uff01-\uff5e\ufe30-\ufe4f]/u

const COMMON: Record<Script, ReadonlySet<string>> = {
  simplified: new Set(SIMPLIFIED),
  traditional: new Set(TRADITIONAL),
  japanese: new Set(JAPANESE),
  latin: new Set(LATIN),
}

/** A western text has a few accents among plain letters; a Chinese one read as western has hardly any letters. */
const LATIN_ACCENTS_AT_MOST = 0.3

/**
 * How much of what lies beyond ASCII is common in the script, 0 to 1. A legacy decoder that is wrong for
 * the bytes yields rare characters: right ones reach 0.5 and more.
 */
export function commonShare(text: string, script: Script): number {
  const common = COMMON[script]
  let letters = 0
  let foreign = 0
  let known = 0
  for (const character of text) {
    if (character < '\u0080') {
      if (/[A-Za-z]/.test(character)) letters += 1
      continue
    }
    if (NEUTRAL.test(character)) continue
    foreign += 1
    if (common.has(character)) known += 1
  }
  if (foreign === 0) return 0
  if (script === 'latin' && foreign > (letters + foreign) * LATIN_ACCENTS_AT_MOST) return 0
  return known / foreign
}
