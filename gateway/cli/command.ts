import { parseArgs, type ParseArgsConfig } from 'node:util'
import { DomainError } from '../../core/errors.ts'

/** Where a command writes: data to `stdout`, talk to `stderr`. */
export interface Io {
  readonly stdout: { write(text: string): unknown }
  readonly stderr: { write(text: string): unknown }
}

export interface CliCommand {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** `gdbos name …` with its arguments and options, one a line. */
  readonly usage: string
  /** Whole command lines that work. */
  readonly examples: readonly string[]
  /** Answers the exit code; refusals and usage errors are thrown. */
  run(args: readonly string[], io: Io): Promise<number>
}

export const EXIT = { done: 0, refused: 1, usage: 2, unavailable: 3 } as const

type OptionsConfig = NonNullable<ParseArgsConfig['options']>

/** The command line itself is wrong; the message names what. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/**
 * Reads options and positional arguments strictly: an unknown option is refused, as is one argument too
 * few or too many. `names` are the positional arguments, in order, each required.
 *
 * @throws UsageError
 */
export function readArguments<const Options extends OptionsConfig>(
  args: readonly string[],
  options: Options,
  names: readonly string[] = [],
) {
  const parsed = parsedArguments(args, options)
  const missing = names[parsed.positionals.length]
  if (missing !== undefined) throw new UsageError(`${missing} is missing`)
  const extra = parsed.positionals[names.length]
  if (extra !== undefined) throw new UsageError(`unexpected argument “${extra}”`)
  return parsed
}

function parsedArguments<const Options extends OptionsConfig>(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
      throw new UsageError(error.message.split('. ')[0] ?? error.message)
    throw error
  }
}

/** A whole number within bounds, from an option's text. @throws UsageError */
export function readInteger(option: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (!/^-?\d+$/.test(text) || value < min || value > max)
    throw new UsageError(`--${option} must be a whole number from ${min} to ${max}, not “${text}”`)
  return value
}

/** Prints a value as one line of JSON. */
export function printJson(io: Io, value: unknown): void {
  io.stdout.write(`${JSON.stringify(value)}\n`)
}

/** Tells why a command was refused and answers its exit code: in JSON on stdout, or as a sentence in both languages. */
export function printRefusal(io: Io, refusal: DomainError, json: boolean): number {
  const { code, kind, params, messages } = refusal
  if (json) printJson(io, { code, kind, params, messages })
  else io.stderr.write(`gdbos: ${messages.en}\ngdbos: ${messages.zh}\n(${code})\n`)
  return kind === 'unavailable' ? EXIT.unavailable : EXIT.refused
}
