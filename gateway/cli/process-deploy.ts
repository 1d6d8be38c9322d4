import { readFile, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import {
  type Deployed,
  deploy,
  type Deployment,
  filesIn,
  gate,
  knownNames,
  readPack,
  type Report,
  rehearseDeployment,
} from '../../workflows/index.ts'
import { manifests } from '../platform.ts'
import { EXIT, type Io, printJson, readArguments, UsageError } from './command.ts'
import { onDatabase } from './database.ts'

const OPTIONS = {
  'dry-run': { type: 'boolean' },
  data: { type: 'string' },
  json: { type: 'boolean' },
} as const

/** `gdbos process deploy`: a BPMN file, or the folder of a pack, becomes the next version of its process. */
export async function deployFile(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS, ['FILE.bpmn or the folder of a pack'])
  const [path = ''] = positionals
  const { deployment, findings } = await read(path)
  if (!deployment || findings.length > 0) return refused(io, findings, values.json === true)
  const known = knownNames(manifests)
  const isTrial = values['dry-run'] === true
  const done = await onDatabase(values.data, (ctx) =>
    isTrial ? rehearseDeployment(ctx, deployment, known) : deploy(ctx, deployment, known),
  )
  const { key, version, gateReport, rehearsal } = done
  if (values.json === true) {
    printJson(io, { key, version, deployed: !isTrial, warnings: gateReport, rehearsal })
    return EXIT.done
  }
  print(io, done)
  io.stdout.write(
    isTrial
      ? `${key} would become version ${version} 将成为第${version}版\n`
      : `${key} is version ${version} 现为第${version}版\n`,
  )
  return EXIT.done
}

function print(io: Io, { gateReport, rehearsal }: Pick<Deployed, 'gateReport' | 'rehearsal'>): void {
  for (const { rule, element, zh, en } of gateReport)
    io.stderr.write(`warning: ${rule} ${element}\n  ${zh}\n  ${en}\n`)
  io.stdout.write(`rehearsed 预演: ${rehearsal.outcome}, ${rehearsal.paths.length} paths 条路径\n`)
}

type Findings = Report['findings']

function refused(io: Io, findings: Findings, json: boolean): number {
  if (json) printJson(io, { deployed: false, findings })
  else
    for (const { rule, element, zh, en } of findings)
      io.stdout.write(`${rule} ${element}\n  ${zh}\n  ${en}\n`)
  return EXIT.refused
}

interface Reading {
  readonly deployment?: Deployment
  readonly findings: Findings
}

/** @throws UsageError for what cannot be read */
async function read(path: string): Promise<Reading> {
  const found = await stat(path).catch(() => undefined)
  if (!found) throw new UsageError(`${path} cannot be read`)
  if (found.isDirectory()) return readPack(basename(resolve(path)), await filesIn(path))
  const xml = await readFile(path, 'utf8')
  const { definition, findings } = await gate(xml, { known: knownNames(manifests) })
  return { findings, ...(definition && { deployment: { key: definition.key, xml } }) }
}
