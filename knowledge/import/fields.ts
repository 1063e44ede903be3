/**
 * The one table of field names: what exports call a field → our field → how its value is read. The first name is the standard's
 * Chinese name (GB/T 39554.2 as read through the reference); names are compared without case, spaces, marks and bracketed units.
 */
import { fee, linesAs, materials, objects, places, situations } from './structures.ts';
import { timeLimit, undividedLimit } from './time-limit.ts';
import { choice, choices, count, date, flag, listOf, statedText, text, url, type ValueReader } from './values.ts';

export interface FieldRule {
  /** Our field; `*` when the value is an object whose fields are spread into the item; `placeHours` is put on every place. */
  readonly field: string;
  readonly names: readonly string[];
  /** The names in the form they are compared in. */
  readonly keys: readonly string[];
  readonly read: ValueReader;
}

function rule(field: string, known: readonly string[], read: ValueReader): FieldRule {
  const all = field === '*' ? known : [...known, field];
  return { field, names: all, keys: all.map(nameKey), read };
}
const names = listOf('、，,；;\\n');
const lines = listOf('\\n');

const audience = {
  自然人: 'natural_person',
  个人: 'natural_person',
  企业法人: 'enterprise',
  企业: 'enterprise',
  事业法人: 'institution',
  事业单位: 'institution',
  社会组织法人: 'social_org',
  社会组织: 'social_org',
  非法人企业: 'unincorporated',
  非法人组织: 'unincorporated',
  行政机关: 'agency',
  其他组织: 'other',
  其他: 'other',
};
const levels = {
  国家级: 'national',
  省级: 'province',
  市级: 'city',
  设区的市级: 'city',
  县级: 'county',
  区级: 'county',
  区县级: 'county',
  镇级: 'town',
  乡镇级: 'town',
  '镇（乡、街道）级': 'town',
  村级: 'village',
  '村（社区）级': 'village',
};
const powers = {
  法定本级行使: 'statutory_same_level',
  上级下放: 'delegated_down',
  上级授权: 'authorised_upper',
  同级授权: 'authorised_same',
  上级委托: 'entrusted_upper',
  同级委托: 'entrusted_same',
};
const scopes = { 不通办: 'none', 无: 'none', 全市: 'city', 全省: 'province', 跨省: 'inter_province', 全国: 'national' };
const states = { 草稿: 'draft', 在用: 'in_force', 有效: 'in_force', 暂停: 'suspended', 取消: 'cancelled', 废止: 'cancelled' };

const common: readonly FieldRule[] = [
  rule('id', ['编号', '标识'], text),
  rule('region', ['区划', '行政区划', '区划代码', '所属区域', '适用区域', 'area', 'regionCode'], text),
  rule(
    'department',
    ['实施主体', '实施机构', '实施部门', '办理部门', '受理机构', '责任部门', '主管部门', '部门', 'dept', 'deptName'],
    text,
  ),
  rule('audience', ['服务对象', '适用对象'], choices(audience)),
  rule('tags', ['标签', '关键词', 'keywords'], names),
  rule('tags', ['上级区域', 'parentArea'], names),
  rule('tags', ['基本目录', 'catalogue'], lines),
  rule('validFrom', ['生效日期', '实施日期', '施行日期', 'effectiveFrom'], date),
  rule('validTo', ['失效日期', '截止日期', 'effectiveTo'], date),
  rule('updatedAt', ['更新时间', '更新日期'], date),
  rule('source', ['来源', '信息来源'], text),
  rule('url', ['链接', '网址', '页面地址', 'link'], url),
  rule('sample', ['示例'], flag),
];

/** Names only a guide, an FAQ, a policy or a contact has say what a record is. */
export const guideRules: readonly FieldRule[] = [
  ...common,
  rule('id', ['事项编号'], text),
  rule('name', ['事项名称', '主项名称', '服务事项', '办理事项', '事项', 'subCatalogue', 'item', 'itemName'], text),
  rule('handlingItemName', ['业务办理项名称', '业务办理项', '办理项名称', '子项名称', '标题', 'title', 'subItem'], text),
  rule('aliases', ['别名', '俗称', '通俗名称', '简称', '日常用语'], names),
  rule('itemType', ['目录类型'], choice({ 清单事项: 'listed', 一件事: 'bundle', 便民服务: 'convenience', 增值服务: 'value_added' })),
  rule('taskType', ['事项类型', 'type'], text),
  rule('catalogCode', ['基本编码'], text),
  rule('taskCode', ['实施编码'], text),
  rule('deptCode', ['实施主体编码'], text),
  rule('deptNature', ['实施主体性质'], choice({ 法定机关: 'statutory', 授权组织: 'authorised', 受委托组织: 'entrusted' })),
  rule('jointDepts', ['联办机构', 'jointDepartments'], listOf('；;\\n')),
  rule('useLevel', ['行使层级', '办理层级', 'level'], choice(levels)),
  rule('powerSource', ['权力来源'], choice(powers)),
  rule('caseType', ['办件类型'], choice({ 即办件: 'instant', 承诺件: 'promised' })),
  rule('summary', ['事项简介', '简介', '摘要'], text),
  rule('acceptConditions', ['受理条件', '申请条件', '办理条件', 'conditions'], lines),
  rule('scenarios', ['适用情形'], objects),
  rule('*', ['情形', '办理情形', 'situations'], situations),
  rule('materials', ['申请材料', '材料清单', '所需材料', '申报材料', '办理材料', '材料'], materials),
  rule('process', ['办理流程', '流程', '办理程序'], linesAs('stage')),
  rule('specialProcedures', ['特别程序'], statedText),
  rule('statutoryLimit', ['法定办结时限', '法定时限', '法定期限', 'legalDays'], timeLimit),
  rule('promisedLimit', ['承诺办结时限', '承诺时限', '承诺期限', 'promisedDays'], timeLimit),
  rule('promisedLimit', ['办结时限', '办理时限', '办理期限', 'workdays'], undividedLimit),
  rule('isCharged', ['是否收费'], flag),
  rule('fees', ['收费项目'], objects),
  rule('*', ['收费标准', '收费', '费用', '收费情况', 'fee'], fee),
  rule('places', ['办理地点', '办理窗口', '受理地点', '地点', '地址', '窗口'], places),
  rule('placeHours', ['办理时间', '办公时间', '工作时间', '受理时间', 'hours'], text),
  rule('consultPhone', ['咨询方式', '咨询电话', '联系电话', '联系方式', '电话', 'contact', 'phone'], text),
  rule('complaintPhone', ['监督投诉方式', '监督投诉电话', '投诉电话', '监督电话', 'complaint'], text),
  rule('visitCount', ['到办事现场次数', '到现场次数', '跑动次数', 'visits'], count),
  rule('visitReason', ['到现场原因', '必须现场办理原因'], text),
  rule('handleModes', ['办理形式'], choices({ 窗口办理: 'window', 网上办理: 'online', 快递申请: 'express' })),
  rule('isOnline', ['是否网办', '是否可网办'], flag),
  rule('onlineUrl', ['网办地址', '网上办理地址', '在线办理地址'], url),
  rule('mobileUrl', ['移动端地址', '移动端办理地址'], url),
  rule('onlineSteps', ['操作说明', '网上办理流程'], lines),
  rule('onlineSteps', ['网办平台', '办理平台', 'platform'], platform),
  rule('canBook', ['是否支持预约', '是否支持预约办理'], flag),
  rule('bookUrl', ['预约地址'], url),
  rule('canPayOnline', ['是否支持网上支付'], flag),
  rule('canExpress', ['是否支持物流快递', 'courier'], flag),
  rule('canKiosk', ['是否支持自助终端', '是否支持自助终端办理'], flag),
  rule('inHall', ['是否进驻大厅', '是否进驻政务大厅'], flag),
  rule('crossRegionScope', ['通办范围'], choice(scopes)),
  rule('quotaNote', ['数量限制'], statedText),
  rule('intermediary', ['中介服务'], statedText),
  rule('results', ['审批结果', '审批结果类型', '结果名称', '办理结果'], linesAs('type')),
  rule('legalBasis', ['设定依据', '法律依据', '办理依据'], linesAs('document')),
  rule('topics', ['主题分类', '主题', 'themes'], names),
  rule('state', ['事项状态', '状态'], choice(states)),
  rule('version', ['事项版本', '版本'], count),
];

export const faqRules: readonly FieldRule[] = [
  ...common,
  rule('question', ['问题', '标准问', '标准问题', 'canonicalQ', 'q'], text),
  rule('similar', ['相似问', '相似问题', '相似问法', '扩展问', 'similarQs'], lines),
  rule('answer', ['答案', '回答', '答复', '答复内容', 'a'], text),
  rule('guideId', ['事项编号', '所属事项编号'], text),
  rule('phone', ['联系电话', '咨询电话', '电话'], text),
  rule('basis', ['依据', '政策依据'], lines),
  rule('links', ['相关链接'], objects),
];

export const policyRules: readonly FieldRule[] = [
  ...common,
  rule('title', ['标题', '名称', '文件名称', '政策名称'], text),
  rule('docNo', ['文号', '发文字号', '发文文号'], text),
  rule('issuer', ['发文机关', '发布机构', '发文单位', '制定机关'], text),
  rule('publishedAt', ['发布日期', '成文日期', '印发日期'], date),
  rule('body', ['正文', '内容', '全文', 'text', 'content'], text),
];

export const contactRules: readonly FieldRule[] = [
  ...common,
  rule('name', ['单位名称', '机构名称', '部门名称', '热线名称', '大厅名称', '名称'], text),
  rule('aliases', ['别名', '简称', '俗称'], names),
  rule('phone', ['联系电话', '咨询电话', '电话', '电话号码', 'tel'], text),
  rule('address', ['地址', '办公地址', '联系地址'], text),
  rule('hours', ['办公时间', '工作时间', '服务时间'], text),
  rule('district', ['所在区', '区县'], text),
  rule('duties', ['职责', '主要职责', '业务范围'], text),
];

/** Columns that only number the rows. */
export const ignoredNames: readonly string[] = ['序号', 'no', 'index', '行号'];

function platform(value: unknown, hint: string) {
  const read = text(value, hint);
  return 'value' in read ? { value: [`网上办理平台：${String(read.value)}`] } : read;
}

/** `承诺办结时限（工作日）` → `承诺办结时限`; case, spaces and marks don't count. */
export function nameKey(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/\(.*?\)|\[.*?\]/g, '')
    .replace(/[\s_\-:*"“”]/g, '')
    .toLowerCase();
}

/** The guide field that holds the standard's element of that Chinese name; used to say where something is missing. */
export function fieldOfElement(label: string): string | undefined {
  if (label === '办理时间') return 'places';
  if (label === '材料来源渠道') return 'materials';
  return guideRules.find((entry) => entry.names[0] === label)?.field;
}
