"""Which letters beyond ASCII the languages use, the commonest first, and which languages each encoding is for.

Only letters beyond ASCII count: the others are the same in every encoding. Capitals follow from the small ones.
"""

_LATIN = {
    "german": "üäößé",
    "french": "éèêàçîôëïâûùœæ",
    "spanish": "áíóéñúü¿¡ºª",
    "portuguese": "ãçáéóíêâôõúàºª",
    "italian": "àèùòìé",
    "dutch": "ëéïöèü",
    "swedish": "äöåé",
    "danish": "øåæé",
    "icelandic": "áíóðéúöþýæ",
    "catalan": "àéèíóòçúïü·",
    "polish": "łąęóżśńćź",
    "czech": "áíéěřčýšůžúňťďó",
    "slovak": "áíčéľýšžúťňôďäóŕĺ",
    "hungarian": "áéőóöíüúű",
    "romanian": "ăâîșțşţ",
    "croatian": "ćčšžđ",
    "turkish": "ışğüöçİâîû",
    "lithuanian": "ėšųįžūčąę",
    "latvian": "āēīšņļžūģķč",
    "estonian": "äõöüšž",
    "vietnamese": "ảàạáãăâầấậđêếềệôốồộơờớợưừứựìíòóùúýéè\u0300\u0301\u0303\u0309\u0323",
}
# The whole alphabets of scripts that ASCII has nothing of.
_OTHERS = {
    "ukrainian": "оанивіетрсклмдупявзьгйбчхжцшюєїщфґ",
    "russian": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
    "belarusian": "аніерсклтоявмудпыўцьгзчібшйхжюэёф",
    "bulgarian": "аиоетнрсвлкдпмзгъуябчцжщшюфхйь",
    "serbian": "аоиенјрстдвкулмпзгчшцжбљћњхђфџ",
    "greek": "αοιετνσρκπμλςυηάίόγωέδήχθφύώβξζψϊϋΐΰ",
    "hebrew": "יוהלרנתשמאבםדקחעפגצטכסזןךףץ\u05b0\u05b4\u05b7\u05b8\u05be\u05f3\u05f4",
    "arabic": "الينمودرتبهسعفكحقجشصطخضزثذغةىءأإآؤئپچژگ،؟",
    "thai": "านรอกเงมยลวดทสตะปบคหแจพชขใไโผซถศณฉธญฐภษฟฝฏฎฑฒฆฌฮฬ่้ิีัืุู็ึำ์๊๋ฯๆฤฃฅ",
}
ALPHABETS = _LATIN | _OTHERS
# Chinese, Japanese and Korean: signs of names, addresses and business, not in order.
COMMON_SIGNS = {
    "chinese": (
        "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖"
        "范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙贺陶顾毛郝龚邵万钱严赖覃洪武莫孔小明华国建军红丽伟芳娜秀英敏静强磊洋艳"
        "勇杰娟涛超平刚桂文玉兰志春梅海霞飞鹏辉俊鑫鹤宇浩天子轩雨欣佳琪雪琳晨阳婷慧峰波斌亮东西南北中大上下山河湖京津沪渝省市区县乡镇"
        "村路街道巷号楼室层栋座单元花园广州深圳成都杭武汉安徽浙苏湖福建四川云贵陕甘青新疆宁内蒙古黑吉辽港澳台公司有限责任股份集团科技"
        "贸易商店电子信息网络工业发展实业技术进出口经理先生女士小姐姓名地址电话手机邮编客户备注一二三四五六七八九十的是不了人我在他这个"
    ),
    "traditional": (
        "王李張劉陳楊黃趙吳周徐孫馬朱胡林郭何高羅鄭梁謝宋唐許鄧馮韓曹曾彭蕭蔡潘田董袁于余葉蔣杜蘇魏程呂丁沈任姚盧傅鍾姜崔譚廖"
        "范汪陸金石戴賈韋夏邱方侯鄒熊孟秦白江閻薛尹段雷黎史龍賀陶顧毛郝龔邵萬錢嚴賴覃洪武莫孔小明華國建軍紅麗偉芳娜秀英敏靜強志"
        "俊傑雅婷怡君淑惠美玲家豪宗翰冠廷宜佩珊詩涵宇承恩柏翔東西南北中大上下山河縣市區鄉鎮村里鄰路街段巷弄號樓室臺台灣新竹桃園"
        "高雄屏花蓮宜基隆彰化嘉義苗栗投雲香港九龍公司有限股份企業社科技貿易商店電子工業先生女士小姐姓名地址電話手機郵一二三四五六七八九十的是不了人我在"
    ),
    "japanese": (
        "山田中村佐藤鈴木高橋渡辺伊小林加吉太郎一子美斎齋井上松本清水崎森池阿部石川前後長谷近遠坂青西東南北福岡三浦原野和金岩大塚"
        "菅千葉久保桜平今宮安内丸市区町県都府道番地丁目号室東京大阪京横浜名古屋札幌神戸仙台広島二四五六七八九十花香恵裕真由紀智健隆正"
        "博幸明雄男彦次介翔拓直樹愛優奈菜々株式会社有限商事様御中電話住所氏名会員備考未"
    ),
    "korean": (
        "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진지나현수영미경은혜희준호동상철기민재성훈석"
        "원용태연선아인자숙순옥정화승규도일광병우찬혁범서울부산대구인천광주울산세종경기강원충북충남전북전남경북경남제주시군구동읍면리로길번지"
        "층호아파트주식회사상사이름전화주소메일고객비고가다라마바사"
    ),
}
# Signs between words, the same in every language.
PUNCTUATION = "–—‘’“”„‚«»…•·№°§©®™€£¥¢\u00a0\u00ad±×÷½¼¾²³¹´`′″‹›¿¡†‡‰\u200e\u200f\u3000、。・「」（）ー－〒〜～：，；"  # noqa: RUF001
# Those that stand at a word without a space; a currency's sign does not.
TOUCHING = "–—‘’“”„‚«»…•·™®§°\u00ad‹›¿¡ªº"  # noqa: RUF001
# How much rarer (in natural logarithms) files in these languages are.
RARE_LANGUAGES = {"icelandic": 3.0, "catalan": 1.0, "belarusian": 1.0}

_WESTERN = (
    "german",
    "french",
    "spanish",
    "portuguese",
    "italian",
    "dutch",
    "swedish",
    "danish",
    "icelandic",
    "catalan",
)
_CENTRAL = ("polish", "czech", "slovak", "hungarian", "romanian", "croatian", "german")
_CYRILLIC = ("ukrainian", "russian", "belarusian", "bulgarian", "serbian")
_TURKISH = ("turkish", "german", "french", "spanish", "italian", "dutch", "swedish", "danish", "portuguese")
# Languages, and how much rarer (in natural logarithms) such files are than those of Windows.
USES: dict[str, tuple[tuple[str, ...], float]] = {
    "windows-1250": (_CENTRAL, 0.3),
    "windows-1251": (_CYRILLIC, 0),
    "windows-1252": (_WESTERN, 0),
    "windows-1253": (("greek",), 1),
    "windows-1254": (_TURKISH, 1),
    "windows-1255": (("hebrew",), 1),
    "windows-1256": (("arabic", "french"), 1),
    "windows-1257": (("lithuanian", "latvian", "estonian", "german", "polish"), 3),
    "windows-1258": (("vietnamese", "french"), 3),
    "iso-8859-2": (_CENTRAL, 4),
    "iso-8859-15": (_WESTERN, 4),
    "koi8-u": (_CYRILLIC[:3], 3),
    "koi8-r": (_CYRILLIC[1:2], 3.5),
    "cp850": (_WESTERN, 5),
    "cp852": (_CENTRAL, 5),
    "cp857": (("turkish",), 5),
    "cp866": (_CYRILLIC[:3], 3),
    "cp874": (("thai",), 2),
    "mac-roman": (_WESTERN, 4),
    "mac-latin2": (_CENTRAL, 5),
    "mac-cyrillic": (_CYRILLIC, 4),
    "mac-greek": (("greek",), 5),
    "mac-turkish": (("turkish",), 5),
    "shift_jis": (("japanese",), 0),
    "euc-jp": (("japanese",), 3),
    "gb18030": (("chinese",), 0),
    "big5": (("traditional",), 1),
    "euc-kr": (("korean",), 0),
}
