import type { Command } from './command.ts'
import type { Given } from './given.ts'
import type { OptionSpec } from './option-spec.ts'

/** One command: parser and help text are both made from it. */
export interface CommandSpec {
  /** As typed, such as `replay` or `token create`. */
  readonly name: string
  readonly summary: string
  readonly description: string
  readonly options: Readonly<Record<string, OptionSpec>>
  /** Placeholder of the arguments, absent when it takes none; `...` at the end allows several. */
  readonly argument?: string
  readonly examples: readonly string[]
  readonly build: (given: Given) => Command
}
