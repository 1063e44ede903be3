import { describe, expect, it } from 'vitest';
import { foreignNotice, isForeign, languageOf } from './language.ts';

describe('[R-051] the language of a message', () => {
  it.each([
    ['住民票はどこで取れますか', 'ja'],
    ['パスポートの更新方法を教えてください', 'ja'],
    ['여권을 잃어버렸어요', 'ko'],
    ['Где получить вид на жительство?', 'ru'],
    ['Оршин суух үнэмлэхээ хаанаас авах вэ', 'mn'],
    ['ᠪᠢ ᠦᠨᠡᠮᠯᠡᠬᠦ ᠠᠪᠬᠤ ᠬᠡᠷᠡᠭᠲᠡᠢ', 'mn'],
    ['ทำหนังสือเดินทางที่ไหน', 'th'],
    ['Tôi muốn làm hộ chiếu ở đâu?', 'vi'],
    ['Bonjour, comment je peux renouveler mon passeport ?', 'fr'],
    ['¿Dónde puedo renovar mi pasaporte?', 'es'],
    ['Wo kann ich meine Aufenthaltserlaubnis verlängern?', 'de'],
    ['Onde posso renovar o meu passaporte?', 'pt'],
    ['Bagaimana cara saya mengurus paspor yang hilang', 'id'],
    ['پاسپورت بېجىرىش ئۈچۈن نېمە كېرەك', 'ug'],
    ['كيف أجدد جواز السفر', 'ar'],
    ['ཐོབ་ཐང་ལག་ཁྱེར་གང་དུ་བཟོ་དགོས་སམ།', 'bo'],
    ['मुझे पासपोर्ट कहाँ मिलेगा', 'hi'],
    ['How do I renew my passport?', 'en'],
    ['I lost my ID card, what should I do', 'en'],
    ['居住证怎么办', 'zh'],
    ['唔該，身份證唔見咗點補辦呀', 'zh'],
    ['侬好，居住证哪能办', 'zh'],
    ['ETC怎么办理', 'zh'],
    ['我的iPhone登不上社保App', 'zh'],
    ['の字头的店名能注册吗', 'zh'],
    ['营业执照名称能用アニメ吗', 'zh'],
  ])('%s: %s', (text, language) => expect(languageOf(text)).toBe(language));

  it.each([
    'ETC',
    'VIP',
    'ok',
    'hello',
    'shenfenzheng',
    'wo yao ban shen fen zheng',
    'juzhuzheng zenme ban',
    'AL2026000103',
    '138 0013 8000',
    'asdfgh',
    '😀',
    '？？？',
    'iPhone 15 Pro Max',
  ])('%s says nothing of a language nobody speaks here', (text) => expect(isForeign(languageOf(text))).toBe(false));

  it('the notice is in the language, in Chinese and in English', () => {
    for (const language of ['ja', 'ko', 'ru', 'ug', 'bo'] as const) {
      expect(foreignNotice(language).split('\n')).toHaveLength(3);
      expect(foreignNotice(language)).toContain('转人工');
    }
    expect(foreignNotice('other').split('\n')).toHaveLength(2);
  });
});
