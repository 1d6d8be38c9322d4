import { expect } from 'chai'
import { valueOf } from '../../gateway/portal/src/pages/workflows/variable.ts'

describe('a value typed for a process variable', () => {
  it('stays a text where a text is held, whatever it looks like, and may be emptied', () => {
    expect(valueOf('007', 'any', '12')).to.deep.equal({ value: '007' })
    expect(valueOf('', 'any', '12')).to.deep.equal({ value: '' })
    expect(valueOf('', 'string', 'x')).to.deep.equal({ value: '' })
  })

  it('is read by its type, or as JSON where there is none and no text is held', () => {
    expect(valueOf('7', 'any', 6)).to.deep.equal({ value: 7 })
    expect(valueOf('', 'any', 6)).to.deep.equal({ value: null })
    expect(valueOf('', 'date', '2026-01-01')).to.deep.equal({ value: null })
    expect(valueOf('x', 'number', 6)).to.equal(undefined)
  })
})
