import { expect } from 'chai'
import { rm } from 'node:fs/promises'
import { sharedData, skipWithout } from '../support/shared-data.ts'
import { CRASH_STEPS, type Loaded, loadedAfter, prepared } from './crashing.ts'

/** Acceptance A19 of specs/standards-and-data.md; `npm run bench -- crash` does each step twenty times. */
describe('a load whose process is killed', function () {
  this.timeout(560_000)
  let folder: string
  let undisturbed: Loaded

  before(skipWithout('cn-companies'))
  before(async () => {
    folder = await prepared(String(sharedData('cn-companies')))
    undisturbed = await loadedAfter(folder)
  })
  after(async () => {
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  it('is compared with one that was left alone: one version of each register', () => {
    expect(undisturbed.datasets).to.have.length(4)
    for (const { versions, batches } of undisturbed.datasets) {
      expect(versions).to.have.length(1)
      expect(batches).to.deep.equal([{ status: 'published', publishedVersion: 1 }])
    }
  })

  for (const step of CRASH_STEPS)
    it(`ends in the same bytes, one version a batch and no missing file, when it dies at ${step}`, async () => {
      expect(await loadedAfter(folder, step)).to.deep.equal(undisturbed)
    })
})
