/** Mappings of CRMs whose logs have no adapter of their own. Each is what a mapping file of one's own can start from. */
export const PRESETS = {
  amocrm: `# amoCRM / Kommo: answers of /api/v4/events. Changes only: the CRM logs no views and no exports.
product: amocrm
time: {from: [created_at, "Дата"], zone: Europe/Moscow}
actor: [created_by, created_by_id, responsible, "Автор"]
actor_type: {from: [created_by], words: {"0": system}, otherwise: user}
org: [account_id]
type: [type, "Событие"]
action:
  from: [type, "Событие"]
  words:
    "*note_*": ignore
    "task_*": ignore
    "*_call": ignore
    "*_message": ignore
    "*_sms": ignore
    "*mail*": ignore
    "talk_*": ignore
    "robot_*": ignore
    "intent_*": ignore
    "targeting_*": ignore
    "nps_*": ignore
    "transaction_*": ignore
    "segment_*": ignore
    link_followed: ignore
    key_action_completed: ignore
    "*_added": create
    "*_deleted": delete
    "*_restored": update
    "*_status_changed": update
    "*_field_changed": update
    "*_value_changed": update
    "*_responsible_changed": update
    entity_tag_added: update
    entity_tag_deleted: update
    entity_linked: update
    entity_unlinked: update
    entity_merged: update
    "*_merged": update
    "*выгру*": export
    "*экспорт*": export
  otherwise: guess
object:
  from: [entity_type, "Объект"]
  words:
    lead: deal
    leads: deal
    contact: contact
    contacts: contact
    customer: contact
    customers: contact
    company: account
    companies: account
    task: ignore
    tasks: ignore
    catalog: ignore
    catalog_element: ignore
    transaction: ignore
    segment: ignore
    talk: ignore
    "Сделка*": deal
    "Контакт*": contact
    "Компания*": account
    "Покупатель*": contact
    "Задача*": ignore
  otherwise: guess
objects: [entity_id]
`,
  yclients: `# YCLIENTS: the journal of exports, kept by hand: who, when, what data. Each row is an export.
product: yclients
time:
  from: [when, date, datetime, created_at, "Когда", "Дата", "Дата и время", "Дата выгрузки", "Время"]
  zone: Europe/Moscow
actor: [user_id, who, user, email, "Кто", "Пользователь", "Сотрудник", "Логин", "Кто выгрузил"]
actor_name: [user_name, email, who, user, "Кто", "Пользователь", "Сотрудник"]
org: [company_id, salon_id]
action: export
object:
  from: [what, data_type, section, data, "Какие данные", "Что", "Данные", "Раздел", "Тип данных", "Что выгружено"]
  words:
    "*клиент*": contact
    "*client*": contact
    "*лид*": lead
    "*отч*": report
    "*запис*": deal
    "*визит*": deal
    "*сотрудник*": ignore
    "*услуг*": ignore
    "*товар*": ignore
    "*склад*": ignore
  otherwise: guess
count: [count, rows, records, "Количество", "Кол-во", "Строк", "Записей", "Количество записей"]
ip: [ip, "IP", "IP-адрес"]
export_format: [format, "Формат"]
`,
  zoho: `# Zoho CRM: the exported audit log and the answers of its API.
product: zoho
time:
  from: [audited_time, audited_at, "Audited Time", "Audit Time", "Done Time", "Action Time", "Date & Time", "Date", time, timestamp]
  zone: UTC
actor: [done_by.id, done_by.email, done_by, "Done By", "Performed By", "Action By", "User Name", "User", user]
actor_name: [done_by.email, done_by.name, done_by, "Done By", "Performed By", "Action By", "User Name", "User"]
type: [action, "Action", "Action Type", "Activity", operation]
action:
  from: [action, "Action", "Action Type", "Activity", operation]
  words:
    added: create
    updated: update
    deleted: delete
    restored: update
    converted: update
    transferred: update
    approved: ignore
    rejected: ignore
    "*export*": export
    "*import*": create
    "mass email*": share
    "mass update*": update
    "mass delete*": delete
    "mass transfer*": update
    logged in: login
    signed in: login
  otherwise: guess
object:
  from: [module.api_name, module.name, module, "Module", "Module Name", "Entity", sub_module]
  words:
    contacts: contact
    contact: contact
    leads: lead
    lead: lead
    accounts: account
    account: account
    deals: deal
    deal: deal
    potentials: deal
    quotes: deal
    reports: report
    dashboards: report
    attachments: file
    documents: file
    users: ignore
    user: ignore
    "*role*": ignore
    "*profile*": ignore
    "*layout*": ignore
    "*workflow*": ignore
    "*template*": ignore
    "*setting*": ignore
    "*custom view*": ignore
  otherwise: guess
objects: [record.id, entity_id, record_id, "Record Id", "Record ID", "Entity Id"]
count: [record_count, count, "Record Count", "No. of Records", "Number of Records", "Records"]
ip: [ip_address, client_ip, "IP Address", "IP"]
`,
  pipedrive: `# Pipedrive: webhooks (v1 and v2) and exported logs. Changes, exports and logins; views are not logged.
product: pipedrive
time:
  from: [meta.timestamp, timestamp, log_time, add_time, event_time, "Time", "Date", "Date and time", "Export time", "Created"]
  zone: UTC
actor: [meta.user_id, user_id, actor_user_id, user.id, "User ID", "User", "Exported by", "User email", email]
actor_name: [user.email, user_email, "User email", "User", "Exported by", email, user_name]
org: [meta.company_id, company_id]
type: [meta.action, event_type, event, action, activity, "Event", "Action", "Activity", "Type"]
action:
  from: [meta.action, event_type, event, action, activity, "Event", "Action", "Activity", "Type"]
  words:
    added: create
    create: create
    created: create
    updated: update
    change: update
    merged: update
    deleted: delete
    delete: delete
    "*export*": export
    "*import*": create
    "logged in": login
    login: login
    logout: ignore
    "logged out": ignore
  otherwise: guess
object:
  from: [meta.entity, meta.object, object, item, entity, item_type, "Item type", "Item", "Object", "Exported data", "Data", "Entity"]
  words:
    person: contact
    people: contact
    persons: contact
    contact: contact
    lead: lead
    leads: lead
    organization: account
    organizations: account
    deal: deal
    deals: deal
    file: file
    user: ignore
    users: ignore
    pipeline: ignore
    stage: ignore
    activity: ignore
    activities: ignore
    activityType: ignore
    product: ignore
    products: ignore
    note: ignore
    filter: ignore
  otherwise: guess
objects: [meta.entity_id, meta.id, object_id, item_id, entity_id, "Item ID"]
count: [record_count, row_count, rows, count, "Rows", "Records", "Number of rows", "Items"]
ip: [ip, ip_address, "IP address", "IP"]
user_agent: [user_agent, "User agent", "Device"]
`,
} as const

export type PresetName = keyof typeof PRESETS
export const PRESET_NAMES: readonly PresetName[] = ['yclients', 'amocrm', 'zoho', 'pipedrive']
export const isPresetName = (name: string): name is PresetName => Object.hasOwn(PRESETS, name)
