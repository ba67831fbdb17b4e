import { describe, expect, it } from 'vitest'
import { startFilledService } from '../docs/running-service.ts'
import { promtool } from './promtool.ts'
import { metricTypes, namedMetrics } from './registered-metrics.ts'

const FOLDER = 'dashboards/prometheus'

describe('promtool', () => {
  it('takes the rules and the configuration', () => {
    for (const rules of ['recording-rules.yml', 'alerting-rules.yml']) {
      expect(promtool(['check', 'rules', '--lint=all', '--lint-fatal', `${FOLDER}/${rules}`])).toContain('SUCCESS')
    }
    expect(promtool(['check', 'config', '--syntax-only', `${FOLDER}/prometheus.yml`])).toContain('SUCCESS')
  })

  it('sees the rules fire and stay quiet', () => {
    expect(promtool(['test', 'rules', 'test/dashboards/rules-test.yml'])).toContain('SUCCESS')
  })

  it('finds nothing to say about the metrics of a running service', async () => {
    await using service = await startFilledService(Date.UTC(2026, 4, 6, 15))
    await service.get('/v1/alerts')
    await service.get('/metrics')
    const metrics = await service.get('/metrics')
    expect(promtool(['check', 'metrics'], metrics)).toBe('')
    const known = await metricTypes()
    expect(namedMetrics(metrics, known).toSorted()).toEqual([...known.keys()].toSorted())
    expect(metrics).toMatch(/^crmwatch_events_total\{source="http",action="copy"\} 200$/m)
    expect(metrics).toMatch(/^crmwatch_alerts_opened_total\{.*\} 1$/m)
  })

  it('says what to install where it is missing', () => {
    const path = process.env.PATH
    process.env.PATH = ''
    try {
      expect(() => promtool(['--version'])).toThrow('apt-get install prometheus')
    } finally {
      process.env.PATH = path
    }
  })
})
