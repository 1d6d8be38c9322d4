import { z } from 'zod'
import type { Finding } from './compile/finding.ts'
import type { Deployment } from './definition.service.ts'
import type { Deployed } from './deployed.ts'
import type { Files } from './draft.ts'
import { formSchema, type Pack, packSchema, PAPERS } from './pack.ts'

/** What the files of a pack say, whether they lie in a folder or in a draft. */
export interface PackReading {
  /** What is wrong with the files themselves; `element` is the file's place in the pack. */
  readonly findings: readonly Finding[]
  /** Undefined only when there is no BPMN file to speak of. */
  readonly deployment?: Deployment
}

/** Reads the files of a pack into what is deployed. All findings come in one answer. */
export function readPack(key: string, files: Files): PackReading {
  const findings: Finding[] = []
  const pack = parsed('pack.json', files, packSchema, findings)
  if (pack && pack.key !== key)
    findings.push({
      rule: 'pack-key',
      element: 'pack.json',
      zh: `pack.json 的标识为“${pack.key}”，应为“${key}”`,
      en: `The key in pack.json is “${pack.key}”; it should be “${key}”`,
    })
  const forms: Record<string, Pack['forms'][string]> = {}
  for (const form of pack?.forms ?? formsIn(files)) {
    const schema = parsed(`forms/${form}.json`, files, formSchema, findings)
    if (schema) forms[form] = schema
  }
  const decisions: Record<string, string> = {}
  for (const path of pack?.decisions ?? dmnIn(files)) {
    const text = files[path]
    if (text === undefined) findings.push(missing(path))
    else decisions[path] = text
  }
  if (pack)
    findings.push(...unlisted(files, [...pack.forms.map((form) => `forms/${form}.json`), ...pack.decisions]))
  const bpmn = bpmnOf(files)
  const xml = bpmn === undefined ? undefined : files[bpmn]
  if (xml === undefined) {
    findings.push(missing(pack?.bpmn ?? `${key}.bpmn`))
    return { findings }
  }
  if (files['item.json'] !== undefined) parsed('item.json', files, z.looseObject({}), findings)
  const papers = papersIn(files)
  const more = {
    ...(Object.keys(decisions).length > 0 && { decisions }),
    ...(Object.keys(papers).length > 0 && { papers }),
  }
  return { findings, deployment: { key, xml, pack: { messages: pack?.messages ?? [], forms, ...more } } }
}

/** The place of the process model: what pack.json names, else the only BPMN file. */
export function bpmnOf(files: Files): string | undefined {
  const named = nameIn(files['pack.json'])
  if (named !== undefined && Object.hasOwn(files, named)) return named
  return Object.keys(files).find((path) => path.endsWith('.bpmn'))
}

const papersIn = (files: Files) =>
  Object.fromEntries(PAPERS.flatMap((path) => (files[path] === undefined ? [] : [[path, files[path]]])))

/** The files a deployed version was made of; pack.json and forms as the platform reads them. */
export function filesOf({ key, name, xml, pack }: Pick<Deployed, 'key' | 'name' | 'xml' | 'pack'>): Files {
  const forms = Object.entries(pack.forms)
  const bpmn = `${key}.bpmn`
  const decisions = Object.entries(pack.decisions ?? {})
  const manifest = {
    ...{ key, name, bpmn, messages: pack.messages, forms: forms.map(([form]) => form) },
    ...(decisions.length > 0 && { decisions: decisions.map(([path]) => path) }),
  }
  return Object.fromEntries([
    ['pack.json', json(manifest)],
    [bpmn, xml],
    ...decisions,
    ...Object.entries(pack.papers ?? {}),
    ...forms.map(([form, schema]) => [`forms/${form}.json`, json(schema)]),
  ]) as Files
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

const dmnIn = (files: Files) => Object.keys(files).filter((path) => path.endsWith('.dmn'))

/** A form or decision that pack.json does not name would be lost on deployment. */
function unlisted(files: Files, listed: readonly string[]): Finding[] {
  const lost = Object.keys(files).filter((path) => /^forms\/|\.dmn$/.test(path) && !listed.includes(path))
  return lost.map((path) => ({
    rule: 'file-unlisted',
    element: path,
    zh: `pack.json 没有列出文件 ${path}`,
    en: `pack.json does not list the file ${path}`,
  }))
}

const formsIn = (files: Files) =>
  Object.keys(files).flatMap((path) => /^forms\/([\w-]+)\.json$/.exec(path)?.[1] ?? [])

function nameIn(manifest: string | undefined): string | undefined {
  try {
    const { bpmn } = JSON.parse(manifest ?? '{}') as { bpmn?: unknown }
    return typeof bpmn === 'string' ? bpmn : undefined
  } catch {
    // A pack.json that is no JSON is a finding of readPack; the model is looked at all the same.
    return undefined
  }
}

function parsed<Schema extends z.ZodType>(
  path: string,
  files: Files,
  schema: Schema,
  findings: Finding[],
): z.output<Schema> | undefined {
  const text = files[path]
  if (text === undefined) {
    findings.push(missing(path))
    return undefined
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : ''
    findings.push({
      rule: 'file-invalid',
      element: path,
      zh: `文件 ${path} 不是有效的JSON：${reason}`,
      en: `${path} is not valid JSON: ${reason}`,
    })
    return undefined
  }
  const result = schema.safeParse(value)
  if (result.success) return result.data
  for (const issue of result.error.issues.slice(0, 20)) {
    const at = issue.path.join('.') || '–'
    findings.push({
      rule: 'file-invalid',
      element: path,
      zh: `文件 ${path} 的“${at}”有误：${issue.message}`,
      en: `“${at}” of ${path} is not right: ${issue.message}`,
    })
  }
  return undefined
}

const missing = (path: string): Finding => ({
  rule: 'file-missing',
  element: path,
  zh: `流程包缺少文件 ${path}`,
  en: `The pack lacks the file ${path}`,
})
