import { expect, it } from 'vitest'
import { renderReferencePage } from '../../config/reference-page.ts'
import { describeConfig } from '../../config.ts'

it('docs/configuration.md is the reference as generated; `npx vitest run test/config -u` writes it anew', async () => {
  await expect(renderReferencePage()).toMatchFileSnapshot('../../docs/configuration.md')
})

it('describes every key', () => {
  expect(describeConfig().filter((key) => key.description === '' || key.type === '')).toEqual([])
  expect(describeConfig()).toContainEqual({
    path: 'admin.token',
    env: 'CRMWATCH_ADMIN_TOKEN',
    envFile: 'CRMWATCH_ADMIN_TOKEN_FILE',
    type: '16 to 512 printable ASCII characters without spaces',
    default: 'not set',
    description: 'Bearer token of the administrator; unset: the first start makes one and prints it once.',
    secret: true,
  })
})
