import { join } from 'node:path'
import { expect, it } from 'vitest'
import { importSource } from '../../../commands/sources/import-source.ts'
import { inFolder } from '../../support/test-core.ts'

/** Nobody listens there, nor is anybody asked before all files are known to be there. */
const URL = 'http://127.0.0.1:1'

const importLog = (file: string) =>
  importSource({ command: 'import', url: URL, token: null, files: [file], source: 'crm', again: false }, 'crm', {
    token: 't',
    stdout: { write: () => true },
    stderr: { write: () => true },
    monotonic: () => 0,
    sleep: async () => undefined,
  })

it.each([
  ['is a folder', '.', 'it is a folder'],
  ['is not there', 'none.csv', 'there is no such file or folder'],
])('a log that %s is named, with what to give', (_, name, why) =>
  inFolder(async (dir) => {
    const file = join(dir, name)
    await expect(importLog(file)).rejects.toThrow(
      `${file} cannot be read: ${why}; give a file of the CRM's log (CSV, JSON or JSON lines, also gzip and zip)`,
    )
  }),
)
