import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { decoderOf } from '../../core/text/decode.ts'
import { contradicts, type Encoding, guessEncodings, isClear } from '../../core/text/encoding.ts'
import { encode } from '../support/encode.ts'
import { sharedData, skipWithout } from '../support/shared-data.ts'

const SIMPLIFIED =
  '统一社会信用代码,企业名称,住所,登记状态\n91350100M000100Y43,福州鸿运食品有限公司,鼓楼区东街口88号,存续\n'
const TRADITIONAL = '工廠名稱,工廠地址,登記狀態\n陸記實業股份有限公司,高雄市左營區大中二路39號,歇業\n'
const JAPANESE = '企業名,所在地,公表日\n株式会社はたらく製作所,北海道札幌市中央区北一条,平成29年5月15日\n'
const WESTERN = 'name,city\nCafé Zürich,Genève\nMüller & Söhne,Köln\n'

describe('guessing an encoding', () => {
  const SAMPLES: readonly (readonly [Encoding, string])[] = [
    ['gb18030', SIMPLIFIED],
    ['big5', TRADITIONAL],
    ['shift_jis', JAPANESE],
    ['euc-jp', JAPANESE],
    ['windows-1252', WESTERN],
    ['utf-8', SIMPLIFIED],
    ['utf-16le', SIMPLIFIED],
    ['utf-16be', TRADITIONAL],
  ]
  for (const [encoding, text] of SAMPLES)
    it(`proposes ${encoding} first, clearly, for what is written in it`, () => {
      const guesses = guessEncodings(encode(text, encoding))

      expect(guesses[0]?.encoding).to.equal(encoding)
      expect(isClear(guesses)).to.equal(true)
      expect(guesses).to.have.length.at.most(2)
    })

  it('trusts a byte order mark, and a sample cut inside a character', () => {
    expect(guessEncodings(Buffer.from([0xff, 0xfe, 0x41, 0x00]))).to.deep.equal([
      { encoding: 'utf-16le', score: 1 },
    ])
    expect(guessEncodings(Buffer.from(SIMPLIFIED).subarray(0, 31))).to.deep.equal([
      { encoding: 'utf-8', score: 1 },
    ])
  })

  it('raises a guess by words that the header should hold', () => {
    const bytes = encode(TRADITIONAL, 'big5')

    const plain = guessEncodings(bytes)[0]?.score ?? 0
    const known = guessEncodings(bytes, ['工廠名稱'])[0]?.score ?? 0

    expect(known).to.be.greaterThan(plain)
  })

  it('sees a confirmed encoding contradicted, and none in plain ASCII', () => {
    expect(contradicts(encode(SIMPLIFIED, 'gb18030'), 'big5')).to.equal(true)
    expect(contradicts(encode(SIMPLIFIED, 'gb18030'), 'gb18030')).to.equal(false)
    expect(contradicts(Buffer.from(SIMPLIFIED), 'gb18030')).to.equal(true)
    expect(contradicts(Buffer.from('a,b\n1,2\n'), 'big5')).to.equal(false)
  })

  it('proposes Big5 for A8 although GB18030 and Latin-1 decode it too', function () {
    skipWithout('tw-registers/tgos_geocoded_big5_1050.csv').call(this)
    const bytes = readFileSync(String(sharedData('tw-registers/tgos_geocoded_big5_1050.csv')))

    const guesses = guessEncodings(bytes)

    expect(guesses[0]?.encoding).to.equal('big5')
    expect(isClear(guesses)).to.equal(true)
    expect(contradicts(bytes, 'gb18030')).to.equal(true)
  })
})

describe('decoding a stream', () => {
  it('gives the same text however the bytes are cut', () => {
    for (const [encoding, text] of [
      ['gb18030', SIMPLIFIED],
      ['big5', TRADITIONAL],
      ['shift_jis', JAPANESE],
      ['utf-8', SIMPLIFIED],
      ['utf-16be', SIMPLIFIED],
    ] as const) {
      const bytes = encode(text, encoding)
      for (const size of [1, 3, 7, 4096]) expect(decoded(encoding, bytes, size)).to.equal(text)
    }
  })

  it('drops the byte order mark', () => {
    expect(decoded('utf-8', Buffer.from('\ufeffa,b'), 2)).to.equal('a,b')
  })

  it('marks what means nothing, and what the end cuts', () => {
    const bytes = Buffer.concat([
      Buffer.from('a\n'),
      Buffer.from([0xff]),
      Buffer.from('\nd\n'),
      Buffer.from([0xb0]),
    ])

    expect(decoded('gb18030', bytes, 3)).to.equal('a\n\ufffd\nd\n\ufffd')
  })

  it('leaves UTF-8 as it stands, sound or not', () => {
    const bytes = Buffer.concat([Buffer.from('a\n'), Buffer.from([0xff]), Buffer.from('\n')])
    const decoder = decoderOf('utf-8')

    expect(Buffer.concat([decoder.decode(bytes), decoder.end()]).equals(bytes)).to.equal(true)
  })

  function decoded(encoding: Encoding, bytes: Buffer, size: number): string {
    const decoder = decoderOf(encoding)
    const parts: Buffer[] = []
    for (let at = 0; at < bytes.length; at += size) parts.push(decoder.decode(bytes.subarray(at, at + size)))
    parts.push(decoder.end())
    return Buffer.concat(parts).toString()
  }
})
