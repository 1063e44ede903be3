/** Which language a message is in, by its letters and its commonest words; a short notice for languages the assistant doesn't speak. */

/** Languages that get a notice of their own; `other`: none we know by name. */
export type Foreign = keyof typeof notices;
export type Language = 'zh' | 'en' | Foreign;

/** In each language: Chinese and English work, and a person can be asked for. */
const notices = {
  ja: 'このサービスは中国語（簡体字・繁体字）と英語に対応しています。担当者と話したい場合は「转人工」を押してください。',
  ko: '이 서비스는 중국어(간체·번체)와 영어를 지원합니다. 상담원이 필요하시면 “转人工”을 눌러 주세요.',
  ru: 'Я отвечаю на китайском и английском языках. Чтобы обратиться к сотруднику, нажмите «转人工».',
  th: 'บริการนี้ตอบเป็นภาษาจีนและภาษาอังกฤษ หากต้องการคุยกับเจ้าหน้าที่ กรุณากด “转人工”',
  vi: 'Dịch vụ này trả lời bằng tiếng Trung và tiếng Anh. Để gặp nhân viên, hãy bấm “转人工”.',
  fr: 'Ce service répond en chinois et en anglais. Pour parler à une personne, appuyez sur « 转人工 ».',
  es: 'Este servicio responde en chino e inglés. Para hablar con una persona, pulse «转人工».',
  de: 'Dieser Dienst antwortet auf Chinesisch und Englisch. Für eine Person drücken Sie „转人工“.',
  pt: 'Este serviço responde em chinês e inglês. Para falar com uma pessoa, prima «转人工».',
  id: 'Layanan ini menjawab dalam bahasa Mandarin dan Inggris. Untuk berbicara dengan petugas, tekan “转人工”.',
  ar: 'هذه الخدمة تجيب بالصينية والإنجليزية. للتحدث إلى موظف اضغط «转人工».',
  ug: 'بۇ مۇلازىمەت خەنزۇچە ۋە ئىنگلىزچە جاۋاب بېرىدۇ. خادىم بىلەن سۆزلىشىش ئۈچۈن «转人工» نى بېسىڭ.',
  bo: 'ང་ཚོས་རྒྱ་ཡིག་དང་དབྱིན་ཡིག་གི་ལན་འདེབས་ཐུབ། མི་དང་སྐད་ཆ་བཤད་འདོད་ན་“转人工”གནོན་རོགས།',
  mn: 'Энэ үйлчилгээ хятад, англи хэлээр хариулна. Ажилтантай ярихыг хүсвэл «转人工» дарна уу.',
  hi: 'यह सेवा चीनी और अंग्रेज़ी में उत्तर देती है। किसी व्यक्ति से बात करने के लिए “转人工” दबाएँ।',
  other: '',
} as const;

/** Letters by which a language (or its family) is known. Kana and Hangul also stand inside Chinese names: a few of them mean nothing. */
const scripts: readonly (readonly [Foreign, RegExp])[] = [
  ['ja', /[\u3041-\u3096\u30a1-\u30fa]/g],
  ['ko', /\p{Script=Hangul}/gu],
  ['mn', /\p{Script=Mongolian}/gu],
  ['bo', /\p{Script=Tibetan}/gu],
  ['th', /\p{Script=Thai}/gu],
  ['hi', /\p{Script=Devanagari}/gu],
  ['ru', /\p{Script=Cyrillic}/gu],
  ['ar', /\p{Script=Arabic}/gu],
  ['other', /[^\p{Script=Han}\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}\p{Script=Greek}\p{Script=Bopomofo}]/gu],
];
const uyghur = /[\u06d5\u06d0\u06c6\u06c8\u06cb\u06ad\u06be]/;
const mongolian = /[өүӨҮ]/;
const vietnamese = /[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/i;

/** Short words that a sentence of the language can hardly do without. English has its own: one shared word proves nothing. */
const commonWords: Readonly<Record<'en' | 'fr' | 'es' | 'de' | 'pt' | 'id' | 'vi', ReadonlySet<string>>> = {
  en: new Set(
    'the a an is are am was do does did can could how what where when who which why i my me you your we to for of in on at with need want get have has please help this that it and or not if there apply lost renew from be will would should'.split(
      ' ',
    ),
  ),
  fr: new Set(
    'le la les un une des du de est je vous nous pour avec comment où quel quelle que mon ma mes dans sur bonjour ai perdu faire puis et pas ne'.split(
      ' ',
    ),
  ),
  es: new Set(
    'el la los las un una es de del para con cómo como dónde donde qué que mi mis en por hola necesito quiero puedo perdí y no se'.split(
      ' ',
    ),
  ),
  de: new Set(
    'der die das ein eine ist ich sie wir für mit wie wo was mein meine in auf guten tag brauche kann habe verloren und nicht zu'.split(
      ' ',
    ),
  ),
  pt: new Set('o os as um uma é de do da para com como onde que meu minha em por olá preciso quero posso perdi e não'.split(' ')),
  id: new Set('saya anda yang di ke dari untuk dengan bagaimana apa mana bisa mau tidak ini itu dan cara kehilangan tolong'.split(' ')),
  vi: new Set('tôi bạn là của và có không cho được làm thế nào ở đâu muốn cần mất xin chào'.split(' ')),
};

const fewestLetters = 4;
/** Chinese with a borrowed word stays Chinese: so much of the letters must be of the other script. */
const mostly = 0.3;

/** Chinese, with Latin letters at most: none of `scripts` is in it. */
const everyday = /^[\n\t -~\u2010-\u201f\u2026\u3000-\u3002\u3008-\u3011\u4e00-\u9fa5\uff01-\uff1f]*$/;
const twoHan = /[\u4e00-\u9fa5][^\u4e00-\u9fa5]*[\u4e00-\u9fa5]/;

/** The language of a message; undefined when it doesn't show (numbers, product names, pinyin, one word). */
export function languageOf(text: string): Language | undefined {
  if (everyday.test(text) && twoHan.test(text)) return 'zh';
  const letters = text.match(/\p{L}|\p{M}/gu)?.length ?? 0;
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  for (const [language, pattern] of scripts) {
    const count = text.match(pattern)?.length ?? 0;
    if (count < fewestLetters || count / letters < mostly) continue;
    if (language === 'ar') return uyghur.test(text) ? 'ug' : 'ar';
    if (language === 'ru') return mongolian.test(text) ? 'mn' : 'ru';
    return language;
  }
  if (han > 0) return han >= 2 || han / letters > 0.5 ? 'zh' : undefined;
  return latinLanguage(text);
}

/** The Latin language whose common words the message has most of: at least two, and at least a quarter of its words. */
function latinLanguage(text: string): Language | undefined {
  const words = text.toLowerCase().match(/[\p{L}\p{M}']+/gu) ?? [];
  if (words.length < 3) return undefined;
  if (words.filter((word) => vietnamese.test(word)).length >= 2) {
    const marks = words.filter((word) => /[ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđơư]/i.test(word)).length;
    if (marks >= 2) return 'vi';
  }
  const counted = (Object.keys(commonWords) as (keyof typeof commonWords)[])
    .map((language) => ({ language, count: words.filter((word) => commonWords[language].has(word)).length }))
    .sort((a, b) => b.count - a.count);
  const [best, second] = counted;
  if (!best || best.count < 2 || best.count / words.length < 0.25 || (second && second.count === best.count)) return undefined;
  return best.language;
}

export const isForeign = (language: Language | undefined): language is Foreign =>
  language !== undefined && language !== 'zh' && language !== 'en';

/** The notice in the citizen's language, Chinese and English. */
export function foreignNotice(language: Foreign): string {
  return [
    notices[language],
    '我会说简体中文、繁体中文和英文。请用这几种语言告诉我想办什么事，或者点“转人工”，由工作人员来帮您。',
    'I speak Chinese and English. Please write in one of them, or press “转人工” (talk to a person).',
  ]
    .filter(Boolean)
    .join('\n');
}
