//! Cities the chain trades in: position of the centre, postcode, dialling code.

use super::Both;

/// A city and the sales region it belongs to.
#[derive(Debug)]
pub(crate) struct CityRow {
    /// Pinyin key used by the store table.
    pub(crate) key: &'static str,
    /// Name of the city.
    pub(crate) name: Both,
    /// Province or municipality.
    pub(crate) province: Both,
    /// Sales region: east, south, north, west, central.
    pub(crate) region: &'static str,
    /// Dialling code with its leading zero.
    pub(crate) dialling: &'static str,
    /// General postcode.
    pub(crate) postcode: &'static str,
    /// Latitude and longitude of the centre in degrees.
    pub(crate) position: (f64, f64),
    /// How much trade a store here sees beside others.
    pub(crate) pull: u32,
}

macro_rules! city {
    ($key:literal, $zh:literal, $en:literal, $pzh:literal, $pen:literal, $region:literal, $dial:literal, $post:literal, $lat:literal, $lon:literal, $pull:literal) => {
        CityRow {
            key: $key,
            name: ($zh, $en),
            province: ($pzh, $pen),
            region: $region,
            dialling: $dial,
            postcode: $post,
            position: ($lat, $lon),
            pull: $pull,
        }
    };
}

/// Cities with a store of their own first, then those a larger chain opens next.
#[rustfmt::skip]
pub(crate) const CITIES: &[CityRow] = &[
    city!("hangzhou", "杭州市", "Hangzhou", "浙江省", "Zhejiang", "east", "0571", "310000", 30.2741, 120.1551, 100),
    city!("shanghai", "上海市", "Shanghai", "上海市", "Shanghai", "east", "021", "200000", 31.2304, 121.4737, 120),
    city!("beijing", "北京市", "Beijing", "北京市", "Beijing", "north", "010", "100000", 39.9042, 116.4074, 110),
    city!("chengdu", "成都市", "Chengdu", "四川省", "Sichuan", "west", "028", "610000", 30.5728, 104.0668, 95),
    city!("guangzhou", "广州市", "Guangzhou", "广东省", "Guangdong", "south", "020", "510000", 23.1291, 113.2644, 95),
    city!("shenzhen", "深圳市", "Shenzhen", "广东省", "Guangdong", "south", "0755", "518000", 22.5431, 114.0579, 100),
    city!("nanjing", "南京市", "Nanjing", "江苏省", "Jiangsu", "east", "025", "210000", 32.0603, 118.7969, 80),
    city!("suzhou", "苏州市", "Suzhou", "江苏省", "Jiangsu", "east", "0512", "215000", 31.2989, 120.5853, 75),
    city!("wuhan", "武汉市", "Wuhan", "湖北省", "Hubei", "central", "027", "430000", 30.5928, 114.3055, 80),
    city!("xian", "西安市", "Xi'an", "陕西省", "Shaanxi", "west", "029", "710000", 34.3416, 108.9398, 70),
    city!("chongqing", "重庆市", "Chongqing", "重庆市", "Chongqing", "west", "023", "400000", 29.5630, 106.5516, 80),
    city!("tianjin", "天津市", "Tianjin", "天津市", "Tianjin", "north", "022", "300000", 39.1256, 117.1909, 55),
    city!("changsha", "长沙市", "Changsha", "湖南省", "Hunan", "central", "0731", "410000", 28.2282, 112.9388, 70),
    city!("zhengzhou", "郑州市", "Zhengzhou", "河南省", "Henan", "central", "0371", "450000", 34.7466, 113.6254, 55),
    city!("qingdao", "青岛市", "Qingdao", "山东省", "Shandong", "north", "0532", "266000", 36.0671, 120.3826, 55),
    city!("shenyang", "沈阳市", "Shenyang", "辽宁省", "Liaoning", "north", "024", "110000", 41.8057, 123.4315, 45),
    city!("dalian", "大连市", "Dalian", "辽宁省", "Liaoning", "north", "0411", "116000", 38.9140, 121.6147, 45),
    city!("ningbo", "宁波市", "Ningbo", "浙江省", "Zhejiang", "east", "0574", "315000", 29.8683, 121.5440, 60),
    city!("wuxi", "无锡市", "Wuxi", "江苏省", "Jiangsu", "east", "0510", "214000", 31.4912, 120.3119, 50),
    city!("xiamen", "厦门市", "Xiamen", "福建省", "Fujian", "south", "0592", "361000", 24.4798, 118.0894, 55),
    city!("kunming", "昆明市", "Kunming", "云南省", "Yunnan", "west", "0871", "650000", 24.8801, 102.8329, 45),
    city!("hefei", "合肥市", "Hefei", "安徽省", "Anhui", "east", "0551", "230000", 31.8206, 117.2272, 50),
    city!("jinan", "济南市", "Jinan", "山东省", "Shandong", "north", "0531", "250000", 36.6512, 117.1201, 45),
    city!("fuzhou", "福州市", "Fuzhou", "福建省", "Fujian", "south", "0591", "350000", 26.0745, 119.2965, 45),
    city!("wenzhou", "温州市", "Wenzhou", "浙江省", "Zhejiang", "east", "0577", "325000", 27.9938, 120.6994, 45),
    city!("foshan", "佛山市", "Foshan", "广东省", "Guangdong", "south", "0757", "528000", 23.0215, 113.1214, 45),
    city!("dongguan", "东莞市", "Dongguan", "广东省", "Guangdong", "south", "0769", "523000", 23.0207, 113.7518, 45),
    city!("nanchang", "南昌市", "Nanchang", "江西省", "Jiangxi", "central", "0791", "330000", 28.6820, 115.8579, 40),
    city!("nanning", "南宁市", "Nanning", "广西壮族自治区", "Guangxi", "south", "0771", "530000", 22.8170, 108.3665, 40),
    city!("guiyang", "贵阳市", "Guiyang", "贵州省", "Guizhou", "west", "0851", "550000", 26.6470, 106.6302, 40),
    city!("taiyuan", "太原市", "Taiyuan", "山西省", "Shanxi", "north", "0351", "030000", 37.8706, 112.5489, 40),
    city!("shijiazhuang", "石家庄市", "Shijiazhuang", "河北省", "Hebei", "north", "0311", "050000", 38.0428, 114.5149, 40),
    city!("harbin", "哈尔滨市", "Harbin", "黑龙江省", "Heilongjiang", "north", "0451", "150000", 45.8038, 126.5350, 40),
    city!("changchun", "长春市", "Changchun", "吉林省", "Jilin", "north", "0431", "130000", 43.8171, 125.3235, 35),
    city!("lanzhou", "兰州市", "Lanzhou", "甘肃省", "Gansu", "west", "0931", "730000", 36.0611, 103.8343, 30),
    city!("urumqi", "乌鲁木齐市", "Urumqi", "新疆维吾尔自治区", "Xinjiang", "west", "0991", "830000", 43.8256, 87.6168, 30),
    city!("haikou", "海口市", "Haikou", "海南省", "Hainan", "south", "0898", "570000", 20.0440, 110.1999, 35),
    city!("jiaxing", "嘉兴市", "Jiaxing", "浙江省", "Zhejiang", "east", "0573", "314000", 30.7461, 120.7555, 40),
    city!("langfang", "廊坊市", "Langfang", "河北省", "Hebei", "north", "0316", "065000", 39.5380, 116.6838, 30),
];
