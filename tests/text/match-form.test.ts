import { expect } from 'chai'
import { matchForm } from '../../core/text/match-form.ts'
import { simpleIdeographs, simplify } from '../../core/text/simplify.ts'

describe('ideographs that simplifying leaves alone', () => {
  const ideographs = Array.from({ length: 0xa000 - 0x4e00 }, (_, at) => String.fromCodePoint(0x4e00 + at))
  const isSimple = new RegExp(`^[${simpleIdeographs()}]$`, 'u')

  it('are told one and all, and no other', () => {
    const told = ideographs.filter((each) => isSimple.test(each))

    expect(told).to.deep.equal(ideographs.filter((each) => simplify(each) === each))
    expect(told).to.include.members(['王', '号', '龙'])
    expect(told).not.to.include.members(['號'])
  })

  it('have their tight form and their form in words already, so that a register is not asked for them', () => {
    const told = ideographs.filter((each) => isSimple.test(each))

    expect(told.filter((each) => matchForm('tight', `${each}7a`) !== `${each}7a`)).to.deep.equal([])
    expect(told.filter((each) => matchForm('words', `${each}7a`) !== `${each}7a`)).to.deep.equal([])
  })
})
