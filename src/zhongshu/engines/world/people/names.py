"""Synthetic names: common surnames and given-name characters, combined by chance."""

from __future__ import annotations

SURNAMES = tuple(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史"
    "顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
MALE = tuple(
    "伟强磊军洋勇杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林欢阳建国志文海东晓春"
    "峰成荣新利清毅良松博诚铭泽瑞轩昊天翔睿"
)
FEMALE = tuple(
    "芳娜敏静丽艳娟霞秀燕玲桂英梅红云洁莉兰凤琴雪慧颖婷倩琳萍佳欣怡璐蕾莹丹晶妍茜萱涵"
    "梦瑶诗雅思雨彤馨悦可心蕊晓春玉珍淑华文"
)

# Work of those who go to a workplace, and what the others are.
OFFICE_WORK = (
    "职员",
    "工人",
    "公务员",
    "个体",
    "快递员",
    "农民",
    "建筑工",
    "程序员",
    "会计",
    "保安",
)
STAFF_WORK = {
    "school": "教师",
    "hospital": "医护人员",
    "market": "市场摊主",
    "restaurant": "餐饮人员",
    "shop": "营业员",
    "bus": "司机",
    "pharmacy": "药店店员",
}
INFANT, PUPIL, STUDENT, RETIRED, AT_HOME = "学龄前", "学生", "大学生", "退休", "居家"
SPECIAL_NEEDS = ("孕产妇", "透析", "放化疗", "精神障碍", "行动不便", "独居老人")

PLACE_NAMES = {
    "workplace": ("公司", "厂", "工程队", "事务所", "服务部", "物流点", "办事处", "合作社"),
    "school": ("小学", "中学", "幼儿园", "学院"),
    "market": ("农贸市场", "早市", "商场", "批发市场"),
    "restaurant": ("面馆", "饭店", "火锅店", "小吃店", "食堂", "茶馆"),
    "shop": ("超市", "便利店", "理发店", "五金店", "水果店", "服装店"),
    "bus": ("路公交车",),
    "hospital": ("医院", "卫生院"),
    "pharmacy": ("药房", "大药房"),
    "community": ("社区服务站",),
}
CLASSES = tuple(f"{grade}年级{number}班" for grade in "一二三四五六" for number in range(1, 7))
