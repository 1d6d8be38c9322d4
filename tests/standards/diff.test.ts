import { expect } from 'chai'
import { diffEditions, type DiffCode } from '../../standards/diff.ts'
import { run } from '../../gateway/cli/main.ts'
import { sharedData, skipWithout } from '../support/shared-data.ts'

const code = (code: string, name: string, parent: string | null = null): DiffCode => ({ code, name, parent })

describe('the diff of two editions', () => {
  it('tells each code as unchanged, renamed, moved, added or removed', () => {
    const before = [code('1', '甲'), code('2', '乙'), code('11', '子', '1'), code('12', '丑', '1')]
    const after = [code('1', '甲'), code('2', '丙'), code('11', '子', '2'), code('13', '寅', '1')]

    const { counts, changes } = diffEditions(before, after)

    expect(changes.map(({ kind, code }) => [code, kind])).to.deep.equal([
      ['1', 'unchanged'],
      ['2', 'renamed'],
      ['11', 'moved'],
      ['13', 'added'],
      ['12', 'removed'],
    ])
    expect(counts).to.include({ old: 4, new: 4, unchanged: 1, renamed: 1, moved: 1, added: 1, removed: 1 })
  })

  it('proposes a recoding for one name under one top-level parent, never for a generic name', () => {
    const before = [
      code('1', '甲'),
      code('2', '乙'),
      code('11', '子', '1'),
      code('12', '市辖区', '1'),
      code('13', '丑', '1'),
    ]
    const after = [
      code('1', '甲'),
      code('2', '乙'),
      code('15', '子', '1'),
      code('16', '市辖区', '1'),
      code('21', '丑', '2'),
    ]

    expect(diffEditions(before, after).notes).to.deep.equal([
      { kind: 'recoded', from: ['11'], to: ['15'], declared: false },
    ])
  })

  it('takes splits, mergers and recodings from successors and crosswalks', () => {
    const before: DiffCode[] = [
      {
        ...code('1', '甲'),
        successors: [
          { code: '4', kind: 'split', weight: 0.5 },
          { code: '5', kind: 'split', weight: 0.5 },
        ],
      },
      code('2', '乙'),
      code('3', '丙'),
      code('7', '丁'),
    ]
    const after = [code('4', '戊'), code('5', '己'), code('6', '庚'), code('8', '辛')]
    const row = (fromCode: string, toCode: string) =>
      ({ fromCode, toCode, relation: 'exact', weight: 1, note: null }) as const

    const { notes, counts } = diffEditions(before, after, [row('2', '6'), row('3', '6'), row('7', '8')])

    expect(notes).to.deep.equal([
      { kind: 'split', from: ['1'], to: ['4', '5'], declared: true },
      { kind: 'merged', from: ['2', '3'], to: ['6'], declared: true },
      { kind: 'recoded', from: ['7'], to: ['8'], declared: true },
    ])
    expect(counts).to.include({ split: 1, merged: 1, recoded: 1 })
  })
})

describe('gdbos standard diff', () => {
  describe('on the open data', () => {
    before(skipWithout('codes/gb2260_200212.tsv', 'codes/gb2260_200712.tsv'))

    it('counts what changed in the divisions from 2002 to 2007 (A10)', async () => {
      const { exit, out } = await command(
        'diff',
        sharedData('codes/gb2260_200212.tsv') ?? '',
        sharedData('codes/gb2260_200712.tsv') ?? '',
        '--json',
      )
      const { counts, changes, notes } = JSON.parse(out) as ReturnType<typeof diffEditions>

      expect(exit).to.equal(0)
      expect(counts).to.deep.equal({
        old: 3510,
        new: 3524,
        unchanged: 3344,
        renamed: 42,
        moved: 0,
        added: 138,
        removed: 124,
        recoded: 64,
        split: 0,
        merged: 0,
      })
      expect(notes.every(({ declared }) => !declared)).to.equal(true)
      expect(changes.find(({ code }) => code === '210113')).to.include({
        kind: 'renamed',
        oldName: '新城子区',
        newName: '沈北新区',
      })
      const levels = (which: 'oldName' | 'newName') => {
        const codes = changes.filter((change) => change[which] !== null).map(({ code }) => code)
        const upper = codes.filter((code) => code.endsWith('00'))
        const provinces = upper.filter((code) => code.endsWith('0000'))
        return [provinces.length, upper.length - provinces.length, codes.length - upper.length]
      }
      expect(levels('oldName')).to.deep.equal([34, 344, 3132])
      expect(levels('newName')).to.deep.equal([34, 344, 3146])
    })
  })

  it('compares a shipped list, and names what is not there', async () => {
    const same = await command('diff', 'GB/T 2261.1@2003', 'GB/T 2261.1@2003', '--json')
    expect(JSON.parse(same.out)).to.deep.include({ notes: [] })
    expect((JSON.parse(same.out) as ReturnType<typeof diffEditions>).counts).to.include({
      unchanged: 4,
      old: 4,
    })

    const none = await command('diff', 'GB/T 0@1', 'GB/T 2261.1@2003', '--json')
    expect(none.exit).to.equal(1)
    expect(JSON.parse(none.out)).to.include({ code: 'STANDARDS_CODE_LIST_NOT_FOUND' })
    expect((await command('diff', 'no-such-file.csv', 'x', '--json')).exit).to.equal(2)
    expect((await command('look')).exit).to.equal(2)
  })
})

async function command(...args: string[]) {
  let out = ''
  const io = { stdout: { write: (text: string) => (out += text) }, stderr: { write: () => true } }
  return { exit: await run(['standard', ...args], io), out }
}
