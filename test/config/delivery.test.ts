import { describe, expect, it } from 'vitest'
import { showConfig } from '../../config/show-config.ts'
import { configOf, linesOf, load } from './load.ts'

const SECRETS = {
  SLACK_URL: 'https://hooks.slack.com/services/T00/B00/hush-hush',
  TELEGRAM_TOKEN: '123456:hush-hush-token',
  SIEM_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  SMTP_PASSWORD: 'hush-hush-password',
}
const KAFKA = { CRMWATCH_KAFKA_BROKERS: 'broker:9092' }

const EXAMPLE = `
channels:
  soc:   { type: slack, url: \${SLACK_URL} }
  owner: { type: telegram, bot_token: \${TELEGRAM_TOKEN}, chat_id: "-100123", api_base: https://api.telegram.org }
  siem:  { type: webhook, url: https://siem.example/in, secret: \${SIEM_SECRET}, format: ocsf }
  mail:  { type: email, smtp: smtps://mail.example.com, username: us, password: \${SMTP_PASSWORD}, to: [soc@example.com] }
  bus:   { type: kafka, topic: crm.alerts }
routes:
  - { match: { leaver: true }, channels: [soc, owner] }
  - { match: { severity: [high, critical] }, channels: [soc, siem], repeat_after: 4h, escalate_after: 1h, escalate_to: [owner] }
  - { channels: [bus] }
`

describe('channels and routes', () => {
  it('are read from the file, with secrets from the environment', () => {
    const { channels, routes } = configOf(load(EXAMPLE, { ...SECRETS, ...KAFKA }))
    expect(Object.keys(channels)).toEqual(['soc', 'owner', 'siem', 'mail', 'bus'])
    expect(channels.soc).toEqual({ type: 'slack', url: SECRETS.SLACK_URL })
    expect(channels.owner).toMatchObject({ bot_token: SECRETS.TELEGRAM_TOKEN, chat_id: '-100123' })
    expect(routes[1]).toMatchObject({ repeat_after: '4h', escalate_to: ['owner'] })
  })

  it('are none when nothing is said', () => {
    expect(configOf(load(null))).toMatchObject({ channels: {}, routes: [] })
    expect(configOf(load('channels:\nroutes:\n'))).toMatchObject({ channels: {}, routes: [] })
  })

  it('may come from variables instead, as JSON', () => {
    const env = {
      CRMWATCH_CHANNELS: JSON.stringify({ soc: { type: 'slack', url: SECRETS.SLACK_URL } }),
      CRMWATCH_ROUTES: '[{ channels: soc }]',
    }
    expect(configOf(load('channels: { other: { type: kafka, topic: x } }', env))).toMatchObject({
      channels: { soc: { type: 'slack' } },
      routes: [{ channels: ['soc'] }],
    })
  })

  it('take truth values from variables, and no text written out for one', () => {
    const channels = 'kafka: { brokers: ["a:1"] }\nchannels: { bus: { type: kafka, topic: crm.alerts } }\n'
    const yaml = `${channels}routes: [{ channels: bus, triage: \${TRIAGE}, match: { leaver: \${NOSUCH:-false} } }]\n`
    expect(configOf(load(yaml, { TRIAGE: 'true' })).routes).toEqual([
      { channels: ['bus'], triage: true, match: { leaver: false } },
    ])
    const quoted = `${channels}routes: [{ channels: bus, triage: "true", match: { leaver: "false" } }]\n`
    expect(linesOf(load(quoted))).toEqual([
      expect.stringMatching(/routes\.0\.match\.leaver: found "false"; allowed: true or false$/),
      expect.stringMatching(/routes\.0\.triage: found "true"; allowed: true or false \(the default\)$/),
    ])
    const env = { CRMWATCH_ROUTES: '[{ "channels": ["bus"], "triage": "true" }]' }
    expect(linesOf(load(channels, env))).toEqual([
      'CRMWATCH_ROUTES: routes.0.triage: found "true"; allowed: true or false (the default)',
    ])
  })

  it('take secrets from files', () => {
    const yaml = 'channels: { soc: { type: slack, url_file: run/slack } }'
    expect(configOf(load(yaml, {}, { 'run/slack': `${SECRETS.SLACK_URL}\n` })).channels.soc).toEqual({
      type: 'slack',
      url: SECRETS.SLACK_URL,
    })
    expect(linesOf(load(yaml))).toEqual([
      'crmwatch.yaml:1:43: channels.soc.url_file: found no readable file there; allowed: the path of a file with the secret',
    ])
  })

  it('show no secret, and of addresses only where they lead', () => {
    const shown = showConfig(configOf(load(EXAMPLE, { ...SECRETS, ...KAFKA })))
    expect(shown).not.toContain('hush')
    expect(shown).not.toContain('MfKQ9r8')
    expect(shown).toContain('https://hooks.slack.com/********')
    expect(shown).toContain('https://siem.example/********')
    expect(shown).toContain('bot_token: "********"')
  })

  it.each([
    ['channels: [a]', 'channels: found a list; allowed: a section with one section per channel'],
    ['channels: { soc: 3 }', 'channels.soc: found 3; allowed: a section with `type` and the fields of that type'],
    [
      'channels: { soc: {} }',
      'channels.soc.type: found nothing; allowed: one of slack, telegram, webhook, email, kafka',
    ],
    [
      'channels: { SOC: { type: slack } }',
      'channels.SOC: found the name "SOC"; allowed: a name of lower-case letters, digits, `_` and `-`, at most 64',
    ],
    [
      'channels: { soc: { type: slak } }',
      'channels.soc.type: found "slak"; allowed: one of slack, telegram, webhook, email, kafka; did you mean slack?',
    ],
    ['channels: { soc: { type: slack } }', 'channels.soc.url: found nothing; allowed: an `https:` address'],
    [
      'channels: { soc: { type: slack, url: https://hooks.slack.com/hush } }',
      'channels.soc.url: found a secret written out (not shown); allowed: ${NAME} of an environment variable, or url_file with the path of a file',
    ],
    [
      'channels: { soc: { type: slack, url: "${NOT_SET}" } }',
      'channels.soc.url: found ${NOT_SET}, which is not set; allowed: a variable that is set, or ${NOT_SET:-fallback}',
    ],
    [
      'channels: { o: { type: telegram, bot_token: "${SLACK_URL}", chat_id: "1" } }',
      'channels.o.bot_token: found a text (not shown); allowed: a token as BotFather gives it',
    ],
    [
      'channels: { o: { type: telegram, bot_token: "${TELEGRAM_TOKEN}", chat_id: -100123 } }',
      'channels.o.chat_id: found -100123; allowed: a quoted id such as `"-100123"`, or `@name` of a channel',
    ],
    [
      'channels: { s: { type: webhook, url: "ftp://x/y", secret: "${SIEM_SECRET}" } }',
      'channels.s.url: found something else (not shown); allowed: an `https:` address',
    ],
    [
      'channels: { s: { type: webhook, url: "https://x", secret: "${SMTP_PASSWORD}" } }',
      'channels.s.secret: found a text (not shown); allowed: `whsec_` and base64 of 24 to 64 bytes, as `openssl rand -base64 32` makes them',
    ],
    [
      'channels: { s: { type: webhook, url: "https://x", secret: "${SIEM_SECRET}", group_wait: 5m } }',
      'channels.s.group_wait: found an unknown key; allowed: one of url, secret, format, person',
    ],
    [
      'channels: { m: { type: email, smtp: "smtp://u:hush@mail", to: a@b } }',
      'channels.m.smtp: found a password written out (not shown); allowed: an address without, or with ${NAME} of an environment variable',
    ],
    [
      'channels: { m: { type: email, smtp: "smtp://u:${SMTP_PASSWORD}@mail", to: a@b } }',
      'channels.m.smtp: found an address with a user or password; allowed: an address without, and `username` and `password`',
    ],
    [
      'channels: { s: { type: webhook, url: "https://u:hush@siem.example/in", secret: "${SIEM_SECRET}" } }',
      'channels.s.url: found a password written out (not shown); allowed: an address without, or with ${NAME} of an environment variable',
    ],
    [
      'channels: { m: { type: email, smtp: "smtp://mail", to: [nobody] } }',
      'channels.m.to: found "nobody"; allowed: a list of mail addresses',
    ],
    [
      'channels: { m: { type: email, smtp: "smtp://mail", to: [a@b], username: u } }',
      'channels.m.password: found nothing; allowed: both username and password, or none',
    ],
    [
      'channels: { b: { type: kafka, topic: crm.alerts } }',
      'channels.b.type: found kafka without brokers; allowed: brokers in kafka.brokers',
    ],
    [
      'kafka: { brokers: ["a:1"] }\nchannels: { b: { type: kafka, topic: crm.access } }',
      'channels.b.topic: found a topic that is used otherwise; allowed: a topic that is not read and takes no dead letters',
    ],
    [
      'channels: { soc: { type: slack, url: "${SLACK_URL}", quiet_hours: 22-7 } }',
      'channels.soc.quiet_hours: found "22-7"; allowed: a list of times such as `Mon-Fri 22:00-07:00`, `18:00-08:00` or `Sat,Sun`',
    ],
    [
      'channels: { soc: { type: slack, url: "${SLACK_URL}", person: pseudonym } }',
      'channels.soc.person: found pseudonym; allowed: a key in delivery.pseudonym_key to make pseudonyms from',
    ],
    [
      'delivery: { report_failures_to: [nobody] }',
      'delivery.report_failures_to: found nobody; allowed: a name under `channels`',
    ],
    [
      'delivery: { allow_networks: [10.0.0.0/33] }',
      'delivery.allow_networks: found "10.0.0.0/33"; allowed: a list of addresses or networks such as `10.1.2.0/24`',
    ],
    [
      'delivery: { alert_url: "https://x/alerts" }',
      'delivery.alert_url: found "https://x/alerts"; allowed: an `https:` or `http:` address with `{alert_uid}` in it',
    ],
    ['routes: { a: 1 }', 'routes: found a section; allowed: a list of routes, each with `channels`'],
    ['routes: [{ match: {} }]', 'routes.0.channels: found nothing; allowed: a list of names under `channels`'],
    [
      'channels: { soc: { type: slack, url: "${SLACK_URL}" } }\nroutes: [{ channels: [scc] }]',
      'routes.0.channels: found "scc"; allowed: did you mean soc?',
    ],
    [
      'channels: { soc: { type: slack, url: "${SLACK_URL}" } }\nroutes: [{ channels: soc, match: { severity: hgh } }]',
      'routes.0.match.severity: found "hgh"; allowed: a list of `low`, `medium`, `high`, `critical`',
    ],
    [
      'channels: { soc: { type: slack, url: "${SLACK_URL}" } }\nroutes: [{ channels: soc, match: { lever: true } }]',
      'routes.0.match.lever: found an unknown key; allowed: did you mean leaver?',
    ],
    [
      'channels: { soc: { type: slack, url: "${SLACK_URL}" } }\nroutes: [{ channels: soc, repeat_after: 4 hours }]',
      'routes.0.repeat_after: found "4 hours"; allowed: a duration such as `30m`, `4h` or `2d`',
    ],
    [
      'channels: { soc: { type: slack, url: "${SLACK_URL}" } }\nroutes: [{ channels: soc, escalate_after: 1h }]',
      'routes.0.escalate_to: found nothing; allowed: both escalate_after and escalate_to, or none of them',
    ],
  ])('refuse %s', (yaml, fault) => {
    const lines = linesOf(load(yaml, SECRETS))
    expect(lines.map((line) => line.replace(/^crmwatch\.yaml:\d+:\d+: /, ''))).toEqual([fault.replaceAll('`', '')])
    expect(lines[0]).toMatch(/^crmwatch\.yaml:\d+:\d+: /)
    expect(lines.join()).not.toContain('hush')
  })

  it('are noted where they work and are not meant so', () => {
    const loaded = load(
      'channels: { soc: { type: slack, url: "${SLACK_URL}" } }\ndelivery: { pseudonym_key: short }',
      SECRETS,
    )
    expect(loaded.ok ? loaded.notes : []).toEqual([
      { path: 'channels.soc', text: 'no route names it' },
      { path: 'delivery.pseudonym_key', text: 'shorter than 16 characters: it can be guessed' },
    ])
  })

  it('from variables that are not YAML are refused without being quoted', () => {
    expect(linesOf(load(null, { CRMWATCH_CHANNELS: '{ hush: [' }))).toEqual([
      'CRMWATCH_CHANNELS: channels: found "something that is not YAML"; allowed: a section with one section per channel',
    ])
  })

  it('are bounded', () => {
    const channels = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`c${n}`, { type: 'kafka', topic: 't' }]))
    const routes = Array.from({ length: 101 }, () => ({ channels: 'c1' }))
    const env = { CRMWATCH_CHANNELS: JSON.stringify(channels), CRMWATCH_ROUTES: JSON.stringify(routes), ...KAFKA }
    expect(linesOf(load(null, env))).toEqual([
      'CRMWATCH_CHANNELS: channels: found 51 channels; allowed: at most 50',
      'CRMWATCH_ROUTES: routes: found 101 routes; allowed: at most 100',
    ])
  })
})
