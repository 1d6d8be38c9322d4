import { expect } from 'chai'
import { readFile } from 'node:fs/promises'
import { check, type Files } from '../../workflows/index.ts'
import { chain, flow, known, model as drawn, userTask } from './models.ts'

const ROUTE = new URL('../../workflows/packs/food-business-licence/route.dmn', import.meta.url)
const PACK = { key: 'licence', name: { zh: '流程', en: 'Process' }, bpmn: 'licence.bpmn' }
const FORM = { fields: [{ name: 'note', label: { zh: '意见', en: 'Note' }, widget: 'text' }] }

const files = (xml: string, pack: object = {}, more: Files = {}): Files => ({
  'pack.json': JSON.stringify({ ...PACK, ...pack }),
  'licence.bpmn': xml,
  ...more,
})
const line = (attributes = '') =>
  model(
    `<startEvent id="s" name="s"/>${userTask('a', `name="a" ${attributes}`)}<endEvent id="e" name="e"/>${chain('s a e')}`,
  )
const model = (elements: string, key = 'licence') => drawn(elements, { key })
const rules = (findings: readonly { rule: string; element: string; severity: string }[]) =>
  findings.map(({ severity, rule, element }) => `${severity} ${rule} ${element}`)

describe('the check of a draft', () => {
  it('finds nothing wrong in a pack that is right, and advises to draw it and to use its messages', async () => {
    const { findings, definition } = await check('licence', files(line()), { known })

    expect(new Set(findings.map(({ rule }) => rule))).to.deep.equal(
      new Set(['bpmnlint/global', 'bpmnlint/no-bpmndi']),
    )
    expect(definition?.key).to.equal('licence')
  })

  it('names the element of each error of the gate, in both languages, before any advice', async () => {
    const xml = model(
      `<startEvent id="s"/>${userTask('a')}<userTask id="lost"/><endEvent id="e"/><exclusiveGateway id="x"/>
       ${chain('s a x')}${flow('x', 'e', 'amount > ')}`,
    )

    const { findings, definition } = await check('licence', files(xml), { known })

    expect(definition).to.equal(undefined)
    const errors = findings.filter(({ severity }) => severity === 'error')
    expect(rules(errors)).to.include('error node-unreachable lost')
    expect(findings.slice(0, errors.length)).to.deep.equal(errors)
    for (const { zh, en } of findings) {
      expect(zh).to.match(/\p{Script=Han}/u)
      expect(en).not.to.match(/\p{Script=Han}/u)
    }
  })

  it('advises by bpmnlint, and not what the gate has refused already', async () => {
    const xml = model(
      `<startEvent id="s" name="s"/>${userTask('a')}<exclusiveGateway id="x"/><endEvent id="e" name="e"/>
       <userTask id="alone" name="alone"/>${chain('s a x e')}`,
    )

    const { findings } = await check('licence', files(xml), { known })

    expect(rules(findings)).to.include.members([
      'warning bpmnlint/label-required a',
      'warning bpmnlint/superfluous-gateway x',
      'error node-unreachable alone',
    ])
    expect(rules(findings)).not.to.include('warning bpmnlint/no-disconnected alone')
    const missing = findings.find(({ rule }) => rule === 'bpmnlint/label-required')
    expect(missing).to.include({ zh: '元素没有名称', en: 'Element is missing label/name' })
  })

  it('takes forms from the pack: what the model names must be among them and be right', async () => {
    const xml = line('gdbos:formKey="note"')
    const valid = { 'forms/note.json': JSON.stringify(FORM) }
    const wrong = { 'forms/note.json': '{"fields":[{"name":"1x","label":{"zh":"甲"},"widget":"slider"}]}' }

    const [none, listed, there, broken] = await Promise.all([
      check('licence', files(xml), { known }),
      check('licence', files(xml, { forms: ['note'] }), { known }),
      check('licence', files(xml, { forms: ['note'] }, valid), { known }),
      check('licence', files(xml, { forms: ['note'] }, wrong), { known }),
    ])

    expect(rules(none.findings).join()).to.include('error form-unknown a')
    expect(rules(listed.findings)).to.include('error file-missing forms/note.json')
    expect(there.findings.filter(({ severity }) => severity === 'error')).to.deep.equal([])
    expect(rules(broken.findings)).to.include('error file-invalid forms/note.json')
    expect(there.deployment?.pack?.forms).to.have.property('note')
  })

  it('takes decisions from the pack, and loses no file that pack.json does not name', async () => {
    const dmn = { 'fee.dmn': await readFile(ROUTE, 'utf8') }

    const [listed, lost, missing] = await Promise.all([
      check('licence', files(line(), { decisions: ['fee.dmn'] }, dmn), { known }),
      check('licence', files(line(), {}, dmn), { known }),
      check('licence', files(line(), { decisions: ['fee.dmn'] }), { known }),
    ])

    expect(listed.deployment?.pack?.decisions).to.deep.equal(dmn)
    expect(rules(listed.findings).join()).not.to.include('error')
    expect(rules(lost.findings)).to.include('error file-unlisted fee.dmn')
    expect(rules(missing.findings)).to.include('error file-missing fee.dmn')
  })

  it('says when the pack, its key or its model is missing or no JSON', async () => {
    const [empty, other, torn, renamed] = await Promise.all([
      check('licence', {}, { known }),
      check('licence', files(line(), { key: 'permit' }), { known }),
      check('licence', { ...files(line()), 'pack.json': '{"key":' }, { known }),
      check(
        'p',
        files(model(`<startEvent id="s"/>${userTask('a')}<endEvent id="e"/>${chain('s a e')}`, 'permit')),
        { known },
      ),
    ])

    expect(rules(empty.findings)).to.deep.equal([
      'error file-missing pack.json',
      'error file-missing licence.bpmn',
    ])
    expect(rules(other.findings)).to.include('error pack-key pack.json')
    expect(rules(torn.findings)).to.include('error file-invalid pack.json')
    expect(torn.deployment?.xml).to.equal(line())
    expect(rules(renamed.findings)).to.include('error key-mismatch permit')
  })

  it('reads no entity and runs nothing of a hostile file', async () => {
    const hostile = `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${line()}`

    expect(rules((await check('licence', files(hostile), { known })).findings)).to.deep.equal([
      'error doctype-forbidden ',
    ])
    const script = line()
      .replace('<userTask id="a" name="a" />', '')
      .replace('<endEvent', '<scriptTask id="a"/><endEvent')
    expect(rules((await check('licence', files(script), { known })).findings).join()).to.include(
      'script-forbidden',
    )
    expect(rules((await check('licence', files('no xml'), { known })).findings)[0]).to.include('xml-invalid')
  })
})
