import { expect } from 'chai'
import { run } from '../../gateway/cli/main.ts'

describe('gdbos value check', () => {
  const VERDICTS: readonly (readonly [string, string, string | null])[] = [
    ['gb32100', '91350100M000100Y43', null],
    ['uscc', '91440300x192909844', null],
    ['DE00000002', '91350100M000100Y44', 'check-digit'],
    ['统一社会信用代码', '91350100I000100Y43', 'shape'],
    ['gb11643', '110105491231002', null],
    ['citizen_number', '11010520990101001X', 'date'],
    ['tw-ubn', '00000000', 'placeholder'],
    ['tw_ubn', '00000000', 'placeholder'],
    ['establishment_date', '2019-02-30', 'date'],
    ['division_code', '110199', 'code'],
    ['uscc', '', 'missing'],
  ]
  for (const [element, value, reason] of VERDICTS)
    it(`answers ${reason ?? 'valid'} for ${element} “${value}”`, async () => {
      const { code, out } = await command('value', 'check', element, value, '--json')

      expect(JSON.parse(out)).to.deep.equal({ valid: reason === null, reason })
      expect(code).to.equal(reason === null ? 0 : 1)
    })

  it('names an element that is not there by its code', async () => {
    const { code, out } = await command('value', 'check', 'nothing', '1', '--json')

    expect(JSON.parse(out)).to.include({ code: 'STANDARDS_ELEMENT_NOT_FOUND' })
    expect(code).to.equal(1)
  })

  it('explains a command line it cannot read', async () => {
    expect(await command('value', 'check', 'uscc')).to.deep.include({ code: 2, out: '' })
    expect(await command('value', 'look', 'uscc', '1')).to.deep.include({ code: 2, out: '' })
  })

  async function command(...args: string[]) {
    let out = ''
    let talk = ''
    const code = await run(args, {
      stdout: { write: (text: string) => (out += text) },
      stderr: { write: (text: string) => (talk += text) },
    })
    return { code, out, talk }
  }
})
