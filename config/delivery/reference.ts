import type { TObject, TSchema } from 'typebox'
import { CHANNEL_SCHEMAS } from './channel-schema.ts'
import type { Annotated } from './read-fields.ts'
import { MatchSchema, RouteSchema } from './route-schema.ts'

/** The parts of docs/configuration.md about channels and routes. */
export function renderDeliveryReference(): string {
  const types = Object.entries(CHANNEL_SCHEMAS).map(([type, schema]) => `### ${type}\n\n${fieldTable(schema)}`)
  return [CHANNELS, ...types, ROUTES, fieldTable(RouteSchema), MATCH, fieldTable(MatchSchema)].join('\n\n')
}

export function fieldTable(schema: TObject): string {
  const properties = schema.properties as Record<string, Annotated>
  const rows = Object.entries(properties).map(([name, field]) => {
    const names = field.secret === true ? `\`${name}\`<br>\`${name}_file\`` : `\`${name}\``
    return `| ${names} | ${schema.required?.includes(name) ? 'yes' : 'no'} | ${cell(allowedOf(field))} | ${cell(field.description ?? '')} |`
  })
  return ['| Field | Required | Allowed | Meaning |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

const allowedOf = (field: Annotated & TSchema): string => field.allowed ?? ''
const cell = (text: string): string => text.replaceAll('|', '\\|')

const CHANNELS = `## channels

A section per channel, its name of lower-case letters, digits, \`_\` and \`-\`, its fields by its \`type\`; at most 50. What they do is in [delivery.md](delivery.md). Secrets are not written into the file: use \`\${NAME}\`, or the field with \`_file\` behind its name and the path of a file. A list with one entry may be the entry alone.

The variable \`CRMWATCH_CHANNELS\` takes the place of the whole section, as YAML or JSON; secrets may stand in it as they are.`

const ROUTES = `## routes

A list; every route that matches an alert holds, and a channel in several of them is told once. At most 100. The variable \`CRMWATCH_ROUTES\` takes the place of the whole list.`

const MATCH = `### match

All that is given must hold, and of a list any entry.`
