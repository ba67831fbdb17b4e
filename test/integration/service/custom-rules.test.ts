import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Alert } from '../../../model/alert.ts'
import { launchService, type ServiceProcess, startService } from '../../support/service-process.ts'
import { inFolder } from '../../support/test-core.ts'

/** In the form in which rules are published: rules refer by id, and carry all that their readers want to know. */
const PUBLISHED = `
title: Bulk download after failed logins
id: 6f2f7cbb-2a1c-4b4f-9d3f-0d6a8e1b7c01
status: experimental
description: Detects an account that exports customer records after a series of failed logins.
references:
    - https://example.org/account-takeover
author: Example Author
date: 2025-03-01
modified: 2025-06-01
tags:
    - attack.collection
    - attack.t1213
correlation:
    type: temporal_ordered
    rules:
        - 6f2f7cbb-2a1c-4b4f-9d3f-0d6a8e1b7c02
        - 6f2f7cbb-2a1c-4b4f-9d3f-0d6a8e1b7c03
    group-by:
        - actor_uid
        - src_ip
    timespan: 15m
falsepositives:
    - Somebody who came back from holiday
level: high
---
title: Many failed logins of one account
id: 6f2f7cbb-2a1c-4b4f-9d3f-0d6a8e1b7c02
status: experimental
correlation:
    type: event_count
    rules:
        - failed_login
    group-by:
        - actor_uid
        - src_ip
    timespan: 5m
    condition:
        gte: 4
level: low
---
title: Failed login
id: 6f2f7cbb-2a1c-4b4f-9d3f-0d6a8e1b7c04
name: failed_login
logsource:
    category: application
    product: crm
detection:
    selection:
        action: login
        outcome: failure
    filter_main_internal:
        src_ip|cidr:
            - 10.0.0.0/8
    condition: selection and not 1 of filter_main_*
level: informational
---
title: Export of customer records
id: 6f2f7cbb-2a1c-4b4f-9d3f-0d6a8e1b7c03
logsource:
    category: application
    product: crm
detection:
    selection:
        action:
            - export
            - bulk_read
    condition: selection
level: low
`

const START = Date.UTC(2026, 2, 2, 9)
const event = (n: number, action: string, outcome: string, src_ip: string, actor_uid = 'anna') => ({
  ...{ event_uid: `${actor_uid}-${n}`, time: START + n * 30_000, actor_uid, action, outcome, src_ip },
  ...(action === 'export' ? { object_type: 'contact', record_count: 12 } : {}),
})
const failures = (src_ip: string, actor?: string) =>
  [0, 1, 2, 3].map((n) => event(n, 'login', 'failure', src_ip, actor))

async function send(service: ServiceProcess, events: readonly object[]): Promise<void> {
  const body = events.map((one) => `${JSON.stringify(one)}\n`).join('')
  const headers = { 'content-type': 'application/x-ndjson' }
  const answer = await service.request('/v1/events', { method: 'POST', headers, body })
  expect([answer.status, await answer.json()]).toEqual([200, { accepted: events.length, duplicates: 0, rejected: [] }])
}
const alertsOf = async (service: ServiceProcess) => (await service.json<{ items: Alert[] }>('/v1/alerts')).items

test('a rule in published form runs unchanged, over a restart in the middle of what it looks for', async () => {
  await inFolder(async (dir) => {
    await writeFile(join(dir, 'takeover.yml'), PUBLISHED)
    const settings = { CRMWATCH_DATA_DIR: join(dir, 'data'), CRMWATCH_CUSTOM_RULES: join(dir, '*.yml') }
    {
      await using service = await startService(settings)
      await send(service, [...failures('198.51.100.7'), ...failures('10.0.0.9', 'bert')])
      expect(await alertsOf(service)).toEqual([])
    }
    await using service = await startService(settings)
    await send(service, [
      event(5, 'export', 'success', '198.51.100.7'),
      event(5, 'export', 'success', '10.0.0.9', 'bert'),
    ])
    const alerts = await alertsOf(service)
    const [rule] = alerts.map(({ detector }) => detector)
    expect(alerts).toMatchObject([{ actor_uid: 'anna', severity: 'high', detectors: [rule] }])
    expect(rule).toMatch(/^custom:/)
    const metrics = await (await service.request('/metrics')).text()
    expect(metrics).toContain(`crmwatch_alerts_opened_total{detector="${rule}",severity="high"} 1`)
    expect(metrics).toMatch(/^crmwatch_custom_rule_entries\{rule=".+"\} [1-9]/m)
    expect(metrics).toMatch(/^crmwatch_custom_rule_withheld_findings_total\{rule=".+"\} 0$/m)
  })
})

test('a rule at fault stops the start, with file, line, column and path', async () => {
  await inFolder(async (dir) => {
    const file = join(dir, 'takeover.yml')
    await writeFile(file, PUBLISHED.replace('timespan: 5m', 'timespan: 5y'))
    const starting = launchService({ CRMWATCH_DATA_DIR: join(dir, 'data'), CRMWATCH_CUSTOM_RULES: file })
    await expect(starting.listening).rejects.toThrow(`${file}:37:15: correlation.timespan: found "5y"; allowed:`)
  })
})
