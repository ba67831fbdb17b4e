import { fieldTable } from '../delivery/reference.ts'
import { PULL_SCHEMAS } from './pull-setting.ts'

/** The part of docs/configuration.md about what a pulled source needs. */
export function renderPullReference(): string {
  const parts = Object.entries(PULL_SCHEMAS).map(
    ([adapter, schema]) => `#### pull of ${adapter}\n\n${fieldTable(schema)}`,
  )
  return [INTRODUCTION, ...parts].join('\n\n')
}

const INTRODUCTION = `### sources.&lt;name&gt;.pull

Which fields there are follows from the source's \`adapter\`. Secrets are not written into the file: use \`\${NAME}\`, or the field with \`_file\` behind its name and the path of a file. What the connectors do is in [sources.md](sources.md#pull).`
