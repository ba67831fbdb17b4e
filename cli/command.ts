import type { TokenRole } from '../api/services.ts'

/** What the command line asks for; null means that the option was not given. */
export type Command =
  | ServeCommand
  | DemoCommand
  | ReplayCommand
  | ImportCommand
  | ConvertCommand
  | MapCommand
  | EvaluateCommand
  | TuneCommand
  | CheckConfigCommand
  | NotifyTestCommand
  | TokenCreateCommand
  | TokenListCommand
  | TokenRevokeCommand
  /** Print `text` to standard output and exit with 0. */
  | { readonly command: 'help'; readonly text: string }
  | { readonly command: 'version' }

/** Print `message` and `hint` to standard error and exit with 2. */
export interface UsageError {
  readonly command: 'usage-error'
  readonly message: string
  readonly hint: string
}

export interface ServeCommand {
  readonly command: 'serve'
  readonly config: string | null
}

export interface DemoCommand {
  readonly command: 'demo'
  readonly dataDir: string
  readonly port: number | null
  readonly seed: number
  /** Throw the former demo's store away first. */
  readonly fresh: boolean
  /** Stop after the first alert. */
  readonly once: boolean
  /** Seconds of the simulated company per second of the clock; null is the demo's own choice. */
  readonly pace: number | null
}

export interface ReplayCommand {
  readonly command: 'replay'
  readonly events: readonly string[]
  readonly staff: string | null
  readonly alertsOut: string | null
  /** Where to keep the store; null keeps nothing. */
  readonly dataDir: string | null
  readonly config: string | null
  readonly timezone: string | null
}

export interface ImportCommand {
  readonly command: 'import'
  readonly files: readonly string[]
  /** The configured source whose log the files are; null for files of access events. */
  readonly source: string | null
  /** Read files once more that were imported to their end. */
  readonly again: boolean
  readonly url: string
  /** Null: `CRMWATCH_TOKEN` holds it. */
  readonly token: string | null
}

export interface ConvertCommand {
  readonly command: 'convert'
  readonly adapter: string
  /** The adapter's options, as text. */
  readonly options: Readonly<Record<string, string>>
  readonly files: readonly string[]
  /** Where the refused rows go; null keeps none. */
  readonly rejects: string | null
}

export interface MapCommand {
  readonly command: 'map'
  /** The file to propose a mapping for, `-` for standard input. */
  readonly sample: string
}

export interface EvaluateCommand {
  readonly command: 'evaluate'
  readonly seeds: readonly number[]
  /** Seeds on which the cuts of the comparison are fixed; empty to fix them on the other half of the data. */
  readonly calibrationSeeds: readonly number[]
  /** Labelled folders. */
  readonly data: readonly string[]
  /** Write the simulated data there and measure nothing. */
  readonly write: string | null
  readonly staff: number
  readonly weeks: number
  /** Share of the staff. */
  readonly thieves: number
  readonly ids: 'counting' | 'opaque'
  readonly exportSizes: 'told' | 'untold'
  readonly warmUpWeeks: number | null
  /** False alerts per 1,000 employees a week, for ordinary staff and for leavers. */
  readonly budget: number
  readonly leaverBudget: number
  readonly budgets: readonly number[]
  readonly quick: boolean
  /** Where prepared stores are kept; null keeps none. */
  readonly cache: string | null
  readonly json: string | null
  readonly timezone: string | null
  readonly config: string | null
}

export interface TuneCommand {
  readonly command: 'tune'
  /** Empty for the configured one alone. */
  readonly budgets: readonly number[]
  readonly leaverBudget: number | null
  /** By id, `on` or `off`. */
  readonly detectors: Readonly<Record<string, string>>
  /** By `ID/TEST`. */
  readonly floors: Readonly<Record<string, string>>
  /** File of the other settings. */
  readonly with: string | null
  readonly days: number
  readonly dataDir: string | null
  readonly json: boolean
  readonly config: string | null
}

export interface CheckConfigCommand {
  readonly command: 'check-config'
  readonly config: string | null
}

export interface NotifyTestCommand {
  readonly command: 'notify-test'
  readonly channel: string
  readonly config: string | null
}

export interface TokenCreateCommand {
  readonly command: 'token-create'
  readonly name: string
  readonly role: TokenRole
  /** The only tenant the token may see or feed; null for all. */
  readonly org: string | null
  readonly config: string | null
}

export interface TokenListCommand {
  readonly command: 'token-list'
  readonly config: string | null
}

export interface TokenRevokeCommand {
  readonly command: 'token-revoke'
  readonly tokenUid: string
  readonly config: string | null
}
