import { readFile } from 'node:fs/promises'
import type { Context } from '../../core/context.ts'
import { openAccount } from '../../core/identity/index.ts'
import { type Kernel, PLATFORM } from '../../core/kernel.ts'
import { nameLegalSource } from '../../modules/golden/index.ts'
import * as catalog from '../../modules/catalog/index.ts'
import * as ingest from '../../modules/ingest/index.ts'
import * as organisations from '../../modules/organisation/index.ts'
import { seedItems } from '../../modules/service/index.ts'
import { handOver } from '../../workflows/index.ts'
import * as people from './people.ts'

export { accounts } from './people.ts'

const REGISTERS = new URL('./registers/', import.meta.url)
const PACKS = new URL('../../workflows/packs/', import.meta.url)

/**
 * Fills an empty platform with an invented county: bodies, two firms, one account for each role, three dirty
 * registers loaded as their stewards would, and the services on offer. All accounts have the one password.
 */
export async function loadDemo(kernel: Kernel, password: string): Promise<void> {
  const platform = kernel.contextFor(PLATFORM)
  for (const organisation of people.organisations) await organisations.establish(platform, organisation)
  const stewards = new Map<string, string>()
  for (const account of people.accounts) stewards.set(account.login, await enrol(platform, account, password))
  await seedItems(platform, PACKS)
  for (const { key, organisationId } of people.processes) await handOver(platform, key, organisationId)
  for (const { organisationId, elementCodes } of people.legalSources) {
    for (const elementCode of elementCodes) await nameLegalSource(platform, { organisationId, elementCode })
  }
  // The directory hears of the legal sources before an entry is written by them.
  await kernel.settle()
  const as = async (login: string) =>
    kernel.contextFor(await organisations.actorFor(platform, String(stewards.get(login))))
  for (const register of people.registers) {
    const datasetId = await load(await as(register.steward), register)
    const entryId = await describe(await as(register.steward), datasetId, register)
    await catalog.reviewEntry(await as(people.DIRECTORY_ADMIN), entryId)
    await catalog.publishEntry(await as(people.DIRECTORY_ADMIN), entryId)
  }
  await kernel.settle()
}

/** Answers the person's id. */
async function enrol(ctx: Context, account: people.DemoAccount, password: string): Promise<string> {
  const { login, name, post } = account
  const person = await organisations.registerPerson(ctx, { name })
  if (post) await organisations.employ(ctx, { personId: person.id, ...post })
  const isPublic = !post || post.roles.some((role) => role.startsWith('enterprise-'))
  await openAccount(ctx, { login, password, personId: person.id, audience: isPublic ? 'public' : 'staff' })
  return person.id
}

/** What a steward does at the data console: upload, confirm what was suggested. Answers the dataset's id. */
async function load(ctx: Context, register: people.DemoRegister): Promise<string> {
  const { title, schemaCode } = register
  const dataset = await catalog.registerDataset(ctx, { title, schemaCode })
  const batch = await ingest.receive(ctx, {
    datasetId: dataset.id,
    fileName: register.file,
    content: await readFile(new URL(register.file, REGISTERS)),
  })
  const columns = await ingest.suggestedColumns(ctx, batch)
  await ingest.confirmMapping(ctx, {
    batchId: batch.id,
    encoding: ingest.knownEncoding(register.encoding),
    columns: ingest.automaticMapping(columns),
  })
  return dataset.id
}

/** Registers the entry that the dataset offers, completed by its provider. Answers the entry's id. */
async function describe(
  ctx: Context,
  datasetId: string,
  { entry: { duplicateReason, ...entry } }: people.DemoRegister,
): Promise<string> {
  const draft = await catalog.entryDraft(ctx, datasetId)
  const elsewhere = await catalog.legalSourcesElsewhere(
    ctx,
    draft.items.flatMap(({ elementCode }) => elementCode ?? []),
  )
  const items = draft.items.map((item) =>
    elsewhere.some(({ elementCode }) => elementCode === item.elementCode)
      ? { ...item, duplicateReason: item.duplicateReason ?? duplicateReason }
      : item,
  )
  const { id } = await catalog.registerEntry(ctx, { ...draft, ...entry, items })
  return id
}
