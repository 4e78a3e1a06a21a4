import { defineMessages } from "@storeloop/i18n";

const zh = {
  signIn: {
    login: "账号",
    password: "密码",
    totp: "动态验证码",
    totpHint: "打开验证器应用，输入 6 位数字",
    submit: "登录",
  },
  member: {
    notes: "备注",
    notesHint: "尺码、色号、肤质、偏好。顾客有权查看，请写得体。",
    noNotes: "还没有备注",
    tags: "标签",
    tagsHint: "用逗号分开",
    save: "保存",
    saved: "已保存",
    noHistory: "还没有往来",
    noHistoryText: "订单、积分、消息和声音会按时间出现在这里。",
  },
};

const en: typeof zh = {
  signIn: {
    login: "Sign-in name",
    password: "Password",
    totp: "Authenticator code",
    totpHint: "The 6 digits your authenticator app shows",
    submit: "Sign in",
  },
  member: {
    notes: "Notes",
    notesHint: "Sizes, shades, skin, likes. Customers may read this; write it kindly.",
    noNotes: "No notes yet",
    tags: "Tags",
    tagsHint: "Separate with commas",
    save: "Save",
    saved: "Saved",
    noHistory: "Nothing yet",
    noHistoryText: "Orders, points, messages and voices appear here in time.",
  },
};

/** The words of what console and store app share. */
export const useStaffWords = defineMessages({ zh, en });

/** For those who tell stories about the screens in both languages. */
export const staffWords = { zh, en };
