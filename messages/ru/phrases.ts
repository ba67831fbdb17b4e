import type { Severity } from '../../model/alert.ts'
import type { Catalogue, Usual } from '../catalogue.ts'
import { createNumbers } from '../numbers.ts'

const numbers = createNumbers('ru')

const spans: Catalogue['spans'] = {
  windows: { '10m': 'за 10 минут', '1h': 'за час', '1d': 'за день', '7d': 'за 7 дней', '28d': 'за 28 дней' },
  minutes: { one: 'за # минуту', few: 'за # минуты', other: 'за # минут' },
  hours: { one: 'за # час', few: 'за # часа', other: 'за # часов' },
  // In the accusative, for they stand behind "за".
  units: {
    day: { one: '# день', few: '# дня', other: '# дней' },
    hour: { one: '# час', few: '# часа', other: '# часов' },
    minute: { one: '# минуту', few: '# минуты', other: '# минут' },
    second: { one: '# секунду', few: '# секунды', other: '# секунд' },
  },
  within: (length) => `за ${length}`,
}

const peersOf = ({ role }: Usual): string => (role === null ? 'у коллег' : `у коллег с ролью «${role}»`)

const sentences: Catalogue['sentences'] = {
  lessThanOne: 'меньше 1',
  did: (what, span) => `${span} ${what}`,
  usual: (usual) =>
    usual.own === null
      ? `собственной истории пока нет; обычно ${peersOf(usual)} — ${usual.peers}`
      : `обычно у этого сотрудника — ${usual.own}, ${peersOf(usual)} — ${usual.peers}`,
  usualOfPeers: (usual) =>
    usual.own === null
      ? `обычно ${peersOf(usual)} — ${usual.peers}; собственной истории пока нет`
      : `обычно ${peersOf(usual)} — ${usual.peers}, у этого сотрудника — ${usual.own}`,
  teamToo: 'отдел в целом намного превышает то, что обычно делают его сотрудники',
  ofAll: (did, share) => `${did} — ${share} от всех открытых`,
  risen: (risen, lastDay, usual, total) =>
    `день за днём ${risen}, чем обычно: ${lastDay} за последний день при обычном для этого сотрудника уровне ${usual}${total === null ? '' : `; всего за 28 дней — ${total}`}`,
  afterLeaving: (accesses) =>
    numbers.counted(accesses, {
      one: 'за день # обращение к CRM; после последнего рабочего дня обращений быть не должно',
      few: 'за день # обращения к CRM; после последнего рабочего дня обращений быть не должно',
      other: 'за день # обращений к CRM; после последнего рабочего дня обращений быть не должно',
    }),
  inNotice: (since, lastDay) =>
    [
      since === null ? 'увольняется' : `увольняется (уведомление от ${since})`,
      ...(lastDay === null ? [] : [`последний рабочий день — ${lastDay}`]),
    ].join(', '),
  hasLeft: (lastDay) => (lastDay === null ? 'уже не работает' : `последний рабочий день был ${lastDay}`),
  lookBack: 'обнаружено при проверке прошлых дней',
  also: (titles) => `Кроме того: ${titles.join('; ')}`,
}

const rules: Catalogue['rules'] = {
  matched: (title, seen, condition) => `правило «${title}»: ${seen} (${condition})`,
  and: 'и',
  unknown: '(неизвестно)',
  comparisons: {
    gt: 'больше',
    gte: 'не менее',
    lt: 'меньше',
    lte: 'не более',
    eq: 'ровно',
    neq: 'не равно',
  },
  counted(type, observed, { fields, rules: all }) {
    switch (type) {
      case 'event_count':
        return numbers.counted(observed, { one: '# событие', few: '# события', other: '# событий' })
      case 'value_count': {
        const values = { one: '# значение', few: '# разных значения', other: '# разных значений' }
        return `${numbers.counted(observed, values)} ${fields.join(' и ')}`
      }
      case 'value_sum':
        return `сумма ${fields[0]} — ${numbers.exact(observed)}`
      case 'temporal':
        return `сработало правил: ${numbers.whole(observed)} из ${numbers.whole(all)}`
      case 'temporal_ordered':
        return `сработало правил по порядку: ${numbers.whole(observed)} из ${numbers.whole(all)}`
    }
  },
}

const reasons: Catalogue['reasons'] = {
  what: {
    count: (name, span) => `${name} ${span}`,
    share: (name, span) => `${name} — доля от всех открытых ${span}`,
    peers: (name, span) => `${name} ${span} в сравнении с ролью`,
    team: (name, span) => `${name} ${span} по отделу в целом`,
    cusum: (name, span) => `${name} ${span} — день за днём больше обычного`,
    'after-leaving': () => 'обращения к CRM после последнего рабочего дня',
    rule: (name) => `правило «${name}»`,
  },
  numbers(observed, own, peers) {
    if (peers === null) return observed
    const usual = own === null ? `в этой роли ${peers}` : `у этого сотрудника ${own}, в этой роли ${peers}`
    return `${observed} (обычно ${usual})`
  },
}

const severities: Catalogue['severities'] = {
  low: 'низкая',
  medium: 'средняя',
  high: 'высокая',
  critical: 'критическая',
}
const ofSeverity: Readonly<Record<Severity, string>> = {
  low: 'низкой',
  medium: 'средней',
  high: 'высокой',
  critical: 'критической',
}
const titles: Readonly<Record<Severity, string>> = {
  low: 'Низкая важность',
  medium: 'Средняя важность',
  high: 'Высокая важность',
  critical: 'Критическая важность',
}

const failures: Catalogue['messages']['undelivered']['failures'] = {
  timeout: 'нет ответа вовремя',
  unreachable: 'нет связи',
  tls_failed: 'ошибка TLS',
  address_refused: 'адрес не разрешён',
  rate_limited: 'слишком много запросов',
  server_error: 'ошибка сервера',
  credentials_refused: 'неверные данные для входа',
  not_found: 'не найдено',
  redirected: 'перенаправление',
  refused: 'отказ',
  channel_unknown: 'канал не настроен',
  internal_error: 'внутренняя ошибка',
}

const messages: Catalogue['messages'] = {
  news: {
    opened: 'Новое предупреждение',
    openedBeyond: 'Новое предупреждение: оно серьёзнее предыдущего',
    repeated: 'Это предупреждение ещё никто не посмотрел',
    escalated: 'Это предупреждение никто не посмотрел вовремя',
    grown: 'В предупреждении появилось новое',
    leavingNow: 'Сотрудник теперь увольняется',
    wentFrom: (before, after) => `Важность изменилась: была ${severities[before]}, стала ${severities[after]}`,
  },
  title: (severity, who, leaving) => `${titles[severity]}: ${who}${leaving ? ', увольняется' : ''}`,
  unreadableId: 'нечитаемый идентификатор',
  nothingSaid: 'Необычное обращение к данным клиентов.',
  notLeaving: 'нет, по данным отдела кадров',
  leavingSince: (leaving) => `тогда нет; теперь ${leaving}`,
  leaving: (since, lastDay) =>
    [
      'да',
      ...(since === null ? [] : [`уведомление от ${since}`]),
      ...(lastDay === null ? [] : [`последний рабочий день — ${lastDay}`]),
    ].join(', '),
  score: (score) => `${score} из 100`,
  labels: {
    leaving: 'Увольняется',
    position: 'Должность',
    person: 'Сотрудник',
    severity: 'Важность',
    score: 'Оценка',
    since: 'Начало',
    alert: 'Предупреждение',
    why: 'Почему',
    doFirst: 'Первый шаг',
  },
  open: 'Открыть предупреждение',
  alerts: (count) =>
    numbers.counted(count, { one: '# предупреждение', few: '# предупреждения', other: '# предупреждений' }),
  more: (count) => `и ещё ${numbers.whole(count)}`,
  undelivered: {
    title: (channel) => `crmwatch не может связаться с каналом «${channel}»`,
    what({ severity, since, failure, answer }) {
      const subject = severity === null ? 'Предупреждение' : `Предупреждение ${ofSeverity[severity]} важности`
      const why = answer === null ? failures[failure] : `${failures[failure]}, ответ ${answer}`
      return `${subject} не удалось передать туда, попытки шли с ${since} и прекращены (${why}). Возможно, есть и другие.`
    },
    todo: 'Восстановите канал, посмотрите через GET /v1/deliveries?status=given_up, что не было передано, и проверьте эти предупреждения.',
    failures,
  },
  test: {
    title: 'Проверочное сообщение crmwatch',
    text: (channel) => `Это проверка канала «${channel}». Ничего не произошло, делать ничего не нужно.`,
  },
}

const triage: Catalogue['triage'] = {
  somebody: 'кто-то',
  statuses: { new: 'новое', in_progress: 'в работе', on_hold: 'отложено', resolved: 'решено', closed: 'закрыто' },
  verdicts: {
    theft: 'кража',
    policy_breach: 'нарушение правил',
    authorised: 'разрешено',
    false_positive: 'ложная тревога',
    misconfiguration: 'ошибка настройки',
    test: 'проверка',
  },
  status: (status) => `статус — ${status}`,
  verdict: (verdict) => `вывод — ${verdict}`,
  noVerdict: 'вывод отозван',
  assignee: (name) => `передано: ${name}`,
  noAssignee: 'никому не поручено',
  labelAdded: (label) => `метка ${label}`,
  labelRemoved: (label) => `метка ${label} снята`,
  note: 'добавлена заметка',
}

export const phrases = {
  language: 'ru',
  numbers,
  spans,
  sentences,
  rules,
  reasons,
  severities,
  messages,
  triage,
} as const satisfies Partial<Catalogue>
