import { expect } from 'chai'
import { run } from '../../gateway/cli/main.ts'

// C01 to C06 and others of specs/one-window.md 6.2 through `gdbos clock due`.
describe('gdbos clock due', () => {
  const due: [string, string, string][] = [
    ['C01 promised', '--start 2026-02-04 --limit 10', '2026-02-25'],
    ['C01 legal', '--start 2026-02-04 --limit 20', '2026-03-10'],
    ['C02', '--start 2026-01-02 --limit 5', '2026-01-08'],
    ['C03 promised', '--start 2026-01-02 --limit 10', '2026-01-15'],
    ['C03 legal', '--start 2026-01-02 --limit 20', '2026-01-29'],
    ['C04 first', '--start 2026-04-27 --limit 5', '2026-05-07'],
    ['C04 restarted', '--start 2026-05-09 --limit 5', '2026-05-15'],
    ['C04 resumed', '--start 2026-04-27 --limit 5 --pause 2026-04-30:2026-05-09', '2026-05-12'],
    ['C04 legal', '--start 2026-05-09 --limit 20', '2026-06-05'],
    [
      'C05 promised',
      '--start 2026-06-08 --limit 10 --pause 2026-06-11:2026-06-24 --pause 2026-06-17:2026-07-01',
      '2026-07-10',
    ],
    [
      'C05 legal',
      '--start 2026-06-08 --limit 20 --pause 2026-06-17:2026-07-01 --pause 2026-06-11:2026-06-24',
      '2026-07-24',
    ],
    ['C06 promised', '--start 2026-02-04 --limit 10 --extend 10', '2026-03-10'],
    ['C06 legal', '--start 2026-02-04 --limit 20 --extend 10', '2026-03-24'],
    ['C09', '--start 2026-05-03 --limit 0', '2026-05-06'],
    ['C17', '--start 2026-09-17 --limit 15 --unit calendar-day', '2026-10-08'],
    ['a county of the nation', '--start 2026-02-04 --limit 10 --region 350102', '2026-02-25'],
  ]
  for (const [name, line, expected] of due) {
    it(`${name}: ${line}`, async () => {
      expect(await gdbos(`${line} --json`)).to.deep.equal({
        code: 0,
        out: `${JSON.stringify({ due: expected, provisional: false })}\n`,
        err: '',
      })
    })
  }

  it('says when the day is provisional (C15, C18)', async () => {
    const months = await gdbos('--start 2026-08-31 --limit 6 --unit month --json')

    expect(JSON.parse(months.out)).to.deep.equal({ due: '2027-03-01', provisional: true })
    expect((await gdbos('--start 2026-12-22 --limit 10')).out).to.equal('2027-01-06 (provisional 暂定)\n')
  })

  const refused: [string, string][] = [
    ['--start 2026-02-30 --limit 5', 'CLOCK_DAY_INVALID'],
    ['--start yesterday --limit 5', 'CLOCK_DAY_INVALID'],
    ['--start 2026-02-04 --limit 5 --pause 2026-02-06:2026-02-31', 'CLOCK_DAY_INVALID'],
    ['--start 2026-02-04 --limit 5 --pause 2026-02-03:2026-02-06', 'CLOCK_PAUSE_OUT_OF_RANGE'],
    ['--start 2026-02-04 --limit 5 --pause 2026-02-12:2026-02-14', 'CLOCK_PAUSE_OUT_OF_RANGE'],
    ['--start 2026-02-04 --limit 5 --pause 2026-02-10:2026-02-09', 'CLOCK_RESUME_UNMATCHED'],
  ]
  for (const [line, code] of refused) {
    it(`refuses ${line} by ${code} in both languages, exit 1`, async () => {
      const { code: exit, out } = await gdbos(`${line} --json`)

      expect(exit).to.equal(1)
      expect(JSON.parse(out)).to.include({ code, kind: 'invalid' })
      expect(JSON.parse(out).messages).to.have.all.keys('zh', 'en')
    })
  }

  it('has no calendar for a region nobody published, exit 3', async () => {
    const { code, err } = await gdbos('--start 2026-02-04 --limit 5 --region TW')

    expect(code).to.equal(3)
    expect(err).to.include('CLOCK_CALENDAR_MISSING')
  })

  for (const line of [
    '--limit 5',
    '--start 2026-02-04',
    '--start 2026-02-04 --limit five',
    '--start 2026-02-04 --limit -1',
    '--start 2026-02-04 --limit 99999',
    '--start 2026-02-04 --limit 5 --unit fortnight',
    '--start 2026-02-04 --limit 5 --pause 2026-02-06',
    '--start 2026-02-04 --limit 5 --colour red',
    'extra --start 2026-02-04 --limit 5',
  ]) {
    it(`is used wrongly with ${line}, exit 2`, async () => {
      const { code, out, err } = await gdbos(line)

      expect([code, out]).to.deep.equal([2, ''])
      expect(err).to.include('Try: gdbos clock --help').and.not.include('    at ')
    })
  }

  it('knows “due” alone', async () => {
    expect((await command(['clock', 'dew', '--start', '2026-02-04', '--limit', '5'])).code).to.equal(2)
    expect((await command(['clock', '--help'])).out).to.include('gdbos clock due --start DAY --limit N')
  })

  const gdbos = (line: string) => command(['clock', 'due', ...line.split(' ')])

  async function command(args: string[]) {
    const written = { out: '', err: '' }
    const code = await run(args, {
      stdout: { write: (text) => (written.out += text) },
      stderr: { write: (text) => (written.err += text) },
    })
    return { code, ...written }
  }
})
