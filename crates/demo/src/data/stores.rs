//! Stores and warehouses of the chain. Streets and districts are real, house numbers
//! are invented; coordinates mark the neighbourhood.

use super::Both;

/// A store in a real neighbourhood.
#[derive(Debug)]
pub(crate) struct StoreRow {
    /// Key of the city in the city table.
    pub(crate) city: &'static str,
    /// Short name of the neighbourhood; the store is named after it.
    pub(crate) spot: Both,
    /// District of the city.
    pub(crate) district: Both,
    /// Street and number.
    pub(crate) line: Both,
    /// Latitude and longitude in degrees.
    pub(crate) position: (f64, f64),
    /// Sales floor.
    pub(crate) area_m2: u32,
    /// How busy the neighbourhood is beside others, 100 being usual.
    pub(crate) pull: u32,
}

macro_rules! store {
    ($city:literal, $zh:literal, $en:literal, $dzh:literal, $den:literal, $lzh:literal, $len:literal, $lat:literal, $lon:literal, $area:literal, $pull:literal) => {
        StoreRow {
            city: $city,
            spot: ($zh, $en),
            district: ($dzh, $den),
            line: ($lzh, $len),
            position: ($lat, $lon),
            area_m2: $area,
            pull: $pull,
        }
    };
}

/// In the order a growing chain opened them, so that a small demo already spans
/// several cities and always holds the two Hangzhou stores 900 m apart.
#[rustfmt::skip]
pub(crate) const STORES: &[StoreRow] = &[
    store!("hangzhou", "湖滨", "Hubin", "上城区", "Shangcheng", "湖滨路 28 号 L1-06", "L1-06, 28 Hubin Road", 30.2545, 120.1640, 186, 150),
    store!("hangzhou", "庆春路", "Qingchun Road", "上城区", "Shangcheng", "庆春路 199 号 1 层", "Level 1, 199 Qingchun Road", 30.2600, 120.1708, 120, 105),
    store!("shanghai", "南京西路", "Nanjing West Road", "静安区", "Jing'an", "南京西路 1208 号 B1-12", "B1-12, 1208 Nanjing West Road", 31.2296, 121.4525, 210, 170),
    store!("shanghai", "徐家汇", "Xujiahui", "徐汇区", "Xuhui", "肇嘉浜路 1068 号 2 层", "Level 2, 1068 Zhaojiabang Road", 31.1945, 121.4376, 165, 135),
    store!("beijing", "三里屯", "Sanlitun", "朝阳区", "Chaoyang", "三里屯路 21 号 S2-08", "S2-08, 21 Sanlitun Road", 39.9337, 116.4550, 198, 155),
    store!("chengdu", "春熙路", "Chunxi Road", "锦江区", "Jinjiang", "春熙路北段 36 号", "36 Chunxi Road North", 30.6570, 104.0780, 172, 145),
    store!("guangzhou", "天河路", "Tianhe Road", "天河区", "Tianhe", "天河路 218 号 L2-15", "L2-15, 218 Tianhe Road", 23.1325, 113.3230, 180, 140),
    store!("shenzhen", "福田中心", "Futian Centre", "福田区", "Futian", "福华三路 116 号 B1-20", "B1-20, 116 Fuhua 3rd Road", 22.5350, 114.0550, 175, 135),
    store!("nanjing", "新街口", "Xinjiekou", "秦淮区", "Qinhuai", "中山南路 79 号 1 层", "Level 1, 79 Zhongshan South Road", 32.0415, 118.7840, 160, 130),
    store!("wuhan", "江汉路", "Jianghan Road", "江汉区", "Jianghan", "江汉路 129 号", "129 Jianghan Road", 30.5820, 114.2880, 150, 120),
    store!("hangzhou", "武林", "Wulin", "拱墅区", "Gongshu", "延安路 530 号 2 层", "Level 2, 530 Yan'an Road", 30.2720, 120.1640, 142, 110),
    store!("hangzhou", "钱江新城", "Qianjiang New City", "上城区", "Shangcheng", "富春路 701 号 L1-22", "L1-22, 701 Fuchun Road", 30.2450, 120.2110, 155, 105),
    store!("shanghai", "陆家嘴", "Lujiazui", "浦东新区", "Pudong", "陆家嘴西路 168 号 3 层", "Level 3, 168 Lujiazui West Road", 31.2370, 121.4995, 158, 125),
    store!("shanghai", "五角场", "Wujiaochang", "杨浦区", "Yangpu", "淞沪路 77 号 B1-05", "B1-05, 77 Songhu Road", 31.3010, 121.5140, 130, 105),
    store!("shanghai", "淮海中路", "Huaihai Middle Road", "黄浦区", "Huangpu", "淮海中路 588 号 1 层", "Level 1, 588 Huaihai Middle Road", 31.2200, 121.4650, 176, 135),
    store!("suzhou", "观前街", "Guanqian Street", "姑苏区", "Gusu", "观前街 118 号", "118 Guanqian Street", 31.3115, 120.6255, 138, 105),
    store!("xian", "钟楼", "Bell Tower", "碑林区", "Beilin", "南大街 30 号 B1-03", "B1-03, 30 South Street", 34.2580, 108.9430, 148, 110),
    store!("chongqing", "解放碑", "Jiefangbei", "渝中区", "Yuzhong", "民族路 166 号 2 层", "Level 2, 166 Minzu Road", 29.5585, 106.5770, 156, 125),
    store!("changsha", "五一广场", "Wuyi Square", "芙蓉区", "Furong", "黄兴中路 188 号 1 层", "Level 1, 188 Huangxing Middle Road", 28.1960, 112.9760, 152, 125),
    store!("beijing", "西单", "Xidan", "西城区", "Xicheng", "西单北大街 131 号 3 层", "Level 3, 131 Xidan North Street", 39.9110, 116.3740, 150, 125),
    store!("beijing", "望京", "Wangjing", "朝阳区", "Chaoyang", "阜通东大街 6 号 L1-18", "L1-18, 6 Futong East Street", 39.9960, 116.4810, 136, 100),
    store!("beijing", "王府井", "Wangfujing", "东城区", "Dongcheng", "王府井大街 138 号 1 层", "Level 1, 138 Wangfujing Street", 39.9140, 116.4115, 168, 130),
    store!("chengdu", "交子大道", "Jiaozi Avenue", "高新区", "High-tech Zone", "交子大道 333 号 L1-09", "L1-09, 333 Jiaozi Avenue", 30.5840, 104.0640, 145, 110),
    store!("guangzhou", "北京路", "Beijing Road", "越秀区", "Yuexiu", "北京路 238 号 1 层", "Level 1, 238 Beijing Road", 23.1240, 113.2690, 140, 115),
    store!("shenzhen", "后海", "Houhai", "南山区", "Nanshan", "后海滨路 99 号 L2-11", "L2-11, 99 Houhaibin Road", 22.5170, 113.9360, 162, 120),
    store!("ningbo", "天一广场", "Tianyi Square", "海曙区", "Haishu", "中山东路 88 号 1 层", "Level 1, 88 Zhongshan East Road", 29.8680, 121.5550, 128, 100),
    store!("xiamen", "中山路", "Zhongshan Road", "思明区", "Siming", "中山路 178 号", "178 Zhongshan Road", 24.4555, 118.0790, 118, 95),
    store!("qingdao", "五四广场", "May Fourth Square", "市南区", "Shinan", "香港中路 9 号 2 层", "Level 2, 9 Hong Kong Middle Road", 36.0640, 120.3840, 134, 95),
    store!("zhengzhou", "二七广场", "Erqi Square", "二七区", "Erqi", "德化街 66 号 1 层", "Level 1, 66 Dehua Street", 34.7520, 113.6640, 132, 100),
    store!("shenyang", "中街", "Zhongjie", "沈河区", "Shenhe", "中街路 126 号 1 层", "Level 1, 126 Zhongjie Road", 41.7990, 123.4560, 136, 90),
    store!("dalian", "青泥洼桥", "Qingniwaqiao", "中山区", "Zhongshan", "青三街 7 号 B1-02", "B1-02, 7 Qingsan Street", 38.9180, 121.6350, 122, 85),
    store!("tianjin", "滨江道", "Binjiangdao", "和平区", "Heping", "滨江道 219 号 2 层", "Level 2, 219 Binjiangdao", 39.1190, 117.1950, 140, 100),
    store!("hefei", "天鹅湖", "Swan Lake", "蜀山区", "Shushan", "潜山路 111 号 L1-07", "L1-07, 111 Qianshan Road", 31.8180, 117.2260, 126, 90),
    store!("wuxi", "三阳", "Sanyang", "梁溪区", "Liangxi", "人民中路 111 号 1 层", "Level 1, 111 Renmin Middle Road", 31.5755, 120.3010, 118, 90),
    store!("kunming", "南屏街", "Nanping Street", "五华区", "Wuhua", "南屏街 58 号 1 层", "Level 1, 58 Nanping Street", 25.0380, 102.7080, 124, 90),
    store!("hangzhou", "滨江", "Binjiang", "滨江区", "Binjiang", "江汉路 1515 号 B1-16", "B1-16, 1515 Jianghan Road", 30.2080, 120.2110, 136, 100),
    store!("hangzhou", "未来科技城", "Future Sci-Tech City", "余杭区", "Yuhang", "五常大道 266 号 L1-31", "L1-31, 266 Wuchang Avenue", 30.2820, 120.0180, 140, 95),
    store!("shanghai", "中山公园", "Zhongshan Park", "长宁区", "Changning", "长宁路 1018 号 2 层", "Level 2, 1018 Changning Road", 31.2190, 121.4170, 134, 105),
    store!("shanghai", "虹桥", "Hongqiao", "闵行区", "Minhang", "申长路 988 号 B1-28", "B1-28, 988 Shenchang Road", 31.1950, 121.3180, 128, 95),
    store!("shanghai", "世纪公园", "Century Park", "浦东新区", "Pudong", "花木路 1378 号 L1-14", "L1-14, 1378 Huamu Road", 31.2110, 121.5600, 138, 95),
    store!("suzhou", "金鸡湖", "Jinji Lake", "工业园区", "Industrial Park", "苏州大道西 205 号 1 层", "Level 1, 205 Suzhou Avenue West", 31.3190, 120.6800, 150, 105),
    store!("nanjing", "河西", "Hexi", "建邺区", "Jianye", "江东中路 237 号 L1-20", "L1-20, 237 Jiangdong Middle Road", 32.0030, 118.7330, 132, 95),
    store!("wuhan", "光谷", "Optics Valley", "洪山区", "Hongshan", "珞喻路 726 号 2 层", "Level 2, 726 Luoyu Road", 30.5060, 114.3990, 138, 110),
    store!("xian", "小寨", "Xiaozhai", "雁塔区", "Yanta", "长安中路 123 号 1 层", "Level 1, 123 Chang'an Middle Road", 34.2240, 108.9470, 134, 105),
    store!("chongqing", "观音桥", "Guanyinqiao", "江北区", "Jiangbei", "建新北路 68 号 1 层", "Level 1, 68 Jianxin North Road", 29.5770, 106.5340, 140, 115),
    store!("chengdu", "建设路", "Jianshe Road", "成华区", "Chenghua", "建设路 9 号 2 层", "Level 2, 9 Jianshe Road", 30.6740, 104.1010, 126, 95),
    store!("guangzhou", "珠江新城", "Zhujiang New Town", "天河区", "Tianhe", "花城大道 88 号 B1-36", "B1-36, 88 Huacheng Avenue", 23.1190, 113.3240, 158, 115),
    store!("shenzhen", "东门", "Dongmen", "罗湖区", "Luohu", "东门中路 2047 号 1 层", "Level 1, 2047 Dongmen Middle Road", 22.5450, 114.1180, 130, 105),
    store!("beijing", "中关村", "Zhongguancun", "海淀区", "Haidian", "中关村大街 15 号 B1-09", "B1-09, 15 Zhongguancun Street", 39.9780, 116.3150, 128, 95),
    store!("tianjin", "小白楼", "Xiaobailou", "和平区", "Heping", "南京路 39 号 1 层", "Level 1, 39 Nanjing Road", 39.1120, 117.2100, 120, 85),
];

/// A regional warehouse and the regions it serves.
#[derive(Debug)]
pub(crate) struct WarehouseRow {
    /// Code of the place.
    pub(crate) code: &'static str,
    /// Key of the city.
    pub(crate) city: &'static str,
    /// Name.
    pub(crate) name: Both,
    /// District.
    pub(crate) district: Both,
    /// Street and number.
    pub(crate) line: Both,
    /// Latitude and longitude in degrees.
    pub(crate) position: (f64, f64),
    /// Floor.
    pub(crate) area_m2: u32,
    /// Regions whose stores and homes it supplies.
    pub(crate) serves: &'static [&'static str],
}

/// The three regional warehouses.
pub(crate) const WAREHOUSES: [WarehouseRow; 3] = [
    WarehouseRow {
        code: "WH-EAST",
        city: "jiaxing",
        name: ("华东中心仓（嘉兴）", "East Warehouse (Jiaxing)"),
        district: ("南湖区", "Nanhu"),
        line: ("亚太路 906 号 3 号库", "Building 3, 906 Yatai Road"),
        position: (30.7320, 120.8010),
        area_m2: 12_000,
        serves: &["east", "central"],
    },
    WarehouseRow {
        code: "WH-NORTH",
        city: "langfang",
        name: ("华北中心仓（廊坊）", "North Warehouse (Langfang)"),
        district: ("广阳区", "Guangyang"),
        line: ("艾力枣路 56 号 1 号库", "Building 1, 56 Ailizao Road"),
        position: (39.5510, 116.7300),
        area_m2: 8_500,
        serves: &["north"],
    },
    WarehouseRow {
        code: "WH-SOUTH",
        city: "foshan",
        name: ("华南中心仓（佛山）", "South Warehouse (Foshan)"),
        district: ("南海区", "Nanhai"),
        line: ("桂澜北路 18 号 2 号库", "Building 2, 18 Guilan North Road"),
        position: (23.0620, 113.1560),
        area_m2: 9_200,
        serves: &["south", "west"],
    },
];
