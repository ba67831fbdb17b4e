import type { TSchema } from 'typebox'
import { renderDeliveryReference } from './delivery/reference.ts'
import { type ConfigKey, configKeys } from './keys.ts'
import { renderPullReference } from './sources/pull-reference.ts'
import { MAX_SOURCES, SourceSection } from './sources/source-setting.ts'

/** One line of the reference of all settings. */
export interface ConfigReference {
  readonly path: string
  readonly env: string
  /** The variable that names a file with the secret; null for what is not a secret. */
  readonly envFile: string | null
  /** What is allowed, in words. */
  readonly type: string
  readonly default: string
  readonly description: string
  readonly secret: boolean
}

export function describeConfig(): ConfigReference[] {
  return configKeys().map((key) => ({
    path: key.path,
    env: key.env,
    envFile: key.secret ? `${key.env}_FILE` : null,
    type: key.allowed,
    default: showDefault(key),
    description: key.description,
    secret: key.secret,
  }))
}

/** The whole of docs/configuration.md. */
export function renderReferencePage(): string {
  const sections = Map.groupBy(describeConfig(), (key) => (key.path.includes('.') ? key.path.split('.')[0] : 'general'))
  const tables = [...sections].map(([name, keys]) => `## ${name}\n\n${renderTable(keys)}`)
  return `${INTRODUCTION}\n${tables.join('\n\n')}\n\n${renderSources()}\n\n${renderDeliveryReference()}\n\n${DETECTORS}`
}

function renderTable(keys: readonly ConfigReference[]): string {
  const head = '| Key and variable | Default | Allowed | Meaning |\n| --- | --- | --- | --- |'
  const rows = keys.map((key) => {
    const name = [key.path, key.env, key.envFile].filter((part) => part !== null).map((part) => `\`${part}\``)
    return `| ${name.join('<br>')} | ${key.default} | ${cell(key.type)} | ${cell(key.description)} |`
  })
  return [head, ...rows].join('\n')
}

/** The keys of one source, from the same schema that checks them. */
function renderSources(): string {
  const rowsOf = (section: Described, path: string): string[] =>
    Object.entries(section.properties ?? {}).flatMap(([name, field]) =>
      field.properties !== undefined
        ? rowsOf(field, `${path}.${name}`)
        : [`| \`${path}.${name}\` | ${cell(field.allowed ?? '')} | ${cell(field.description ?? '')} |`],
    )
  return `${SOURCES}\n${rowsOf(SourceSection, 'sources.<name>').join('\n')}\n\n${SOURCES_END}\n${renderPullReference()}`
}

type Described = TSchema & {
  readonly allowed?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, Described>>
}

const cell = (text: string): string => text.replaceAll('|', '\\|')

function showDefault(key: ConfigKey): string {
  if (key.default === null) return 'not set'
  if (Array.isArray(key.default)) return key.default.length === 0 ? 'empty' : `\`${key.default.join(', ')}\``
  return `\`${String(key.default)}\``
}

const INTRODUCTION = `# Configuration

Every setting has a default. A YAML file overrides the defaults, and the environment overrides the file:

1. \`--config FILE\`, or \`crmwatch.yaml\` in the working directory if there is one. [crmwatch.example.yaml](../crmwatch.example.yaml) is one to start from.
2. Environment variables: \`CRMWATCH_\` and the key's path in upper snake case, so \`http.port\` is \`CRMWATCH_HTTP_PORT\`. Lists are written with commas. An empty variable, and a key without a value, count as not set.

Within the file, \`\${NAME}\` in a text stands for an environment variable, \`\${NAME:-text}\` for the variable or else that text, and \`$\${\` for a plain \`\${\`; where a number or \`true\` belongs, what it stands for is read as one. A secret can also be read from a file: set the variable with \`_FILE\` behind its name to the file's path. Paths are taken from the working directory.

\`npm run crmwatch -- check-config\` reports everything that is wrong at once, unknown keys included, or prints the configuration in force with its secrets masked.

<!-- This page is generated from config/schema.ts; \`npx vitest run test/config -u\` writes it anew. -->
`

const SOURCES = `## sources

CRM logs that are taken as they are: see [sources.md](sources.md). At most ${MAX_SOURCES}; a name is of small letters, digits and \`-\`. They stand in the file alone, without environment variables. Of \`kafka\`, \`http\`, \`folder\` and \`pull\` a source has one at most; without any it takes files by \`crmwatch import\`.

| Key | Allowed | Meaning |
| --- | --- | --- |`

const SOURCES_END = `\`poll_seconds\` is 5 and \`settle_seconds\` 10 by default; \`adapter\` alone is needed.
`

const DETECTORS = `## detectors

Each detector runs with its own defaults unless a section \`detectors.<id>\` says otherwise. Its parameters stand on the detector's page under [detectors/](detectors/).

| Key and variable | Default | Allowed | Meaning |
| --- | --- | --- | --- |
| \`detectors.<id>.enabled\`<br>\`CRMWATCH_DETECTORS_<ID>_ENABLED\` | \`true\` | \`true\` or \`false\` | Run this detector. |
| \`detectors.<id>.params\`<br>\`CRMWATCH_DETECTORS_<ID>_PARAMS\` | the detector's own | a section; in the variable a JSON object | Parameters that differ from the defaults. |

In variables the id is written in upper snake case: \`mass-view\` is \`CRMWATCH_DETECTORS_MASS_VIEW_ENABLED\`.
`
