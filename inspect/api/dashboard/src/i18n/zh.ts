/** 简体中文。 */

import type { Dictionary } from "./dictionary";

export const zh: Dictionary = {
  title: "EdgeInspect",
  ownName: "中文",
  shortName: "中",
  language: "语言",
  stationLabel: "工位",

  verdict: { pass: "OK", fail: "NG", review: "复判" },
  meaning: {
    pass: "未发现缺陷",
    fail: "此件判为不良",
    review: "请目视确认此件",
  },
  reason: {
    above_threshold: "与良品差异过大",
    near_threshold: "接近判定阈值",
    score_unknown: "无法算出评分",
    frame_unreadable: "图像无法读取",
    frame_missed: "漏拍：没有拍到该零件",
    frame_unlike_taught: "图像与示教时的图像不同",
    part_unplaced: "未找到工件，或无法将其摆正",
    focus_off: "图像清晰度异常：请清洁镜头并检查对焦",
    light_off: "光照异常：请检查光源",
    contrast_off: "对比度异常：请检查雾气和杂散光",
    judge_failed: "模型无法判定此件",
    gauge_out_of_limits: "测量值超出公差",
    gauge_near_limit: "测量值过于接近公差极限",
    gauge_unmeasured: "有一项尺寸无法测量",
    serial_unread: "序列号未能读出",
    serial_differs: "零件自身的序列号与触发信号所报不一致",
    station_interrupted: "检测此件时工位中断",
  },
  finding: { anomaly: "异常" },
  purpose: {
    production: "生产",
    commissioning: "调试",
    challenge: "挑战件",
    golden: "标准件",
    replay: "回放",
  },

  part: {
    noSerial: "无序列号",
    partId: "工件",
    score: (score, limit) => `评分 ${score}（阈值 ${limit}）`,
    ago: (age) => `${age}前`,
    justNow: "刚刚",
    picture: (part) => `${part} 的图像`,
    findings: "缺陷",
    onItsWay: "图像传输中",
    notKept: "此件未保存图像",
  },

  freshness: {
    live: "实时",
    pinned: "已锁定",
    waiting: (age) => `${age}无新件`,
    notLive: "非实时",
    stopped: "画面已停",
    lastPart: (verdict, time) => `最后一件为 ${verdict}，时间 ${time}`,
    connecting: "连接中",
    nothingYet: "等待第一件",
  },
  backToLive: "返回实时",
  newerParts: (parts) => `新到 ${parts} 件`,

  shift: {
    title: "本班",
    since: (time) => `${time} 起`,
    inspected: "已检",
    defectRate: "NG 率",
    firstPassYield: "直通率",
    interval: (low, high) => `95% 区间 ${low} ~ ${high}`,
    none: "尚无工件",
  },

  strip: {
    title: (parts) => `最近 ${parts} 件`,
    empty: "检测过的工件会显示在这里",
  },

  mode: {
    starting: "启动中",
    running: "运行中",
    degraded: "降级运行",
    paused: "已暂停",
    fault: "故障",
    stopped: "已停止",
    offline: "离线",
    unknown: "未知",
  },
  modeMeaning: {
    starting: "工位正在启动",
    degraded: "工位受限运行",
    paused: "工位已暂停，未在检测",
    fault: "工位故障，未在检测",
    stopped: "工位已停止，未在检测",
    offline: "工位无应答",
  },
  since: (time, age) => `自 ${time} 起（${age}）`,
  connectionLost: "与服务器的连接已断开，当前画面不是实时的。",
  reconnecting: "正在自动重连",
  nothingArrives: "服务端收不到工位消息",
  noStation: "尚无工位上报",
};
